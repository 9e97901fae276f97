/** Says something everyday and something alarming, then computes for ever: nothing that waits for the event loop happens again. */
import { createLog } from '@souk/telemetry';

const log = createLog({ level: 'info', format: 'json' });
log.info({}, 'all is well');
log.warn({}, 'the end is near');
for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
