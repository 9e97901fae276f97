import '../use-cases/place.ts';
