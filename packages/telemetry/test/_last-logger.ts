/** Says one line, and ends when its standard input does; the line waits until then. */
import { createLog } from '@souk/telemetry';

const log = createLog({ level: 'info', format: 'json' });
process.stderr.write('ready\n');
process.stdin.on('end', () => {
  log.info({}, 'x'.repeat(Number(process.argv[2])));
  process.exit(0);
});
process.stdin.resume();
