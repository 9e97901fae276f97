import '../store/place.ts';
