// The health check of an image: status 0 when the service in this container can serve HTTP now.
import { env } from 'node:process';

const timeout_ms = 2_500;
// biome-ignore lint/style/noProcessEnv: the only setting of this program.
const url = `http://127.0.0.1:${env.PORT}/health/ready`;

try {
  const response = await fetch(url, { signal: AbortSignal.timeout(timeout_ms) });
  process.stdout.write(`${response.status} ${await response.text()}\n`);
  process.exit(response.ok ? 0 : 1);
} catch (error) {
  process.stdout.write(`${url}: ${error.cause?.message ?? error.message}\n`);
  process.exit(1);
}
