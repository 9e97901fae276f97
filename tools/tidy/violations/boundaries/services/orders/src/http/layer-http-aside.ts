import '../jobs/place.ts';
