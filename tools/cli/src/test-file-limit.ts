/**
 * Loaded into the process of each test file by `souk test`. The file begins when it is its turn (`test-turns.ts`). And it ends: node:test limits
 * tests, but a file whose tests are over (or never begin) while something keeps it alive would hold the run for ever. Such a file
 * ends here, and fails.
 */
import { once } from 'node:events';
import { connect } from 'node:net';
import { isMainThread } from 'node:worker_threads';

const limit_ms = Number(process.env.SOUK_TEST_FILE_LIMIT_MS);
const turns = process.env.SOUK_TEST_TURNS;

if (process.env.NODE_TEST_CONTEXT !== undefined && isMainThread) {
  if (turns !== undefined) {
    const turn = connect(turns);
    await once(turn, 'data');
    // The end of this process ends the turn.
    turn.unref();
  }
  if (limit_ms > 0)
    setTimeout(() => {
      console.error(
        `still alive after ${limit_ms / 1000} s: a test hangs, or something is left open (${process.getActiveResourcesInfo().join(', ')})`,
      );
      process.exit(1);
    }, limit_ms).unref();
}
