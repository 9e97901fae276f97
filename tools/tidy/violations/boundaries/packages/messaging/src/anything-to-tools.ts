import '../../../tools/cli/src/index.ts';
