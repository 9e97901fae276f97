import '@preact/signals';
