import '../use-cases/layer-use-cases-up.ts';
