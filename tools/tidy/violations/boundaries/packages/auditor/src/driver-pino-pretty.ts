import 'pino-pretty';
