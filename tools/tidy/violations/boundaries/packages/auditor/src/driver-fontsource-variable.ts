import '@fontsource-variable/figtree';
