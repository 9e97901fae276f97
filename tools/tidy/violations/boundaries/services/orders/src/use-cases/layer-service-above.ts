import '../service.ts';
