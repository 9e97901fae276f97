import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The programs are copied once for all test homes of an account. */
export function binariesFolder(): string {
  return join(tmpdir(), `souk-test-native-${process.getuid?.() ?? 0}`);
}
