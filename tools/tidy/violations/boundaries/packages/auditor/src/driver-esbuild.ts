import 'esbuild';
