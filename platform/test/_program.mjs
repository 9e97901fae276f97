// A small program for the supervisor's tests: serves /health/ready after READY_AFTER_MS, dies at GET /die, ends at SIGTERM unless STUBBORN.
import { createServer } from 'node:http';
import { env } from 'node:process';

if (env.FAILS) {
  process.stderr.write(`${env.FAILS}\n`);
  process.exit(3);
}
const server = createServer((request, response) => {
  if (request.url === '/die') process.kill(process.pid, 'SIGKILL');
  response.writeHead(request.url === '/health/ready' ? 200 : 404).end();
});
process.stdout.write('begins\n');
process.on('SIGTERM', () => {
  process.stdout.write('told to stop\n');
  if (!env.STUBBORN) process.exit(0);
});
setTimeout(
  () => {
    server.listen(Number(env.PORT), '127.0.0.1', () => process.stdout.write(`listens on ${env.PORT}\n`));
  },
  Number(env.READY_AFTER_MS ?? 0),
);
