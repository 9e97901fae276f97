import './http/charge.ts';
