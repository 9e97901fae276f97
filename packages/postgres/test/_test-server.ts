/** Starts a test server, says where it is, and waits to be killed. */
import { startTestPostgres } from '@souk/postgres/testing';

const { superuser_url } = await startTestPostgres();
process.stdout.write(`${JSON.stringify({ superuser_url })}\n`);
process.stdin.resume();
