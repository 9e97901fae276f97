import '../consumers/place.ts';
