/**
 * Loaded into the process of each test file by `souk test`: node:test limits tests, but a file whose tests are over (or never
 * begin) while something keeps it alive would hold the run for ever. Such a file ends here, and fails.
 */
const limit_ms = Number(process.env.SOUK_TEST_FILE_LIMIT_MS);

if (process.env.NODE_TEST_CONTEXT !== undefined && limit_ms > 0) {
  setTimeout(() => {
    console.error(
      `still alive after ${limit_ms / 1000} s: a test hangs, or something is left open (${process.getActiveResourcesInfo().join(', ')})`,
    );
    process.exit(1);
  }, limit_ms).unref();
}
