import '@prometheus-io/client';
