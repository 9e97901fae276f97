import '../http/place.ts';
