import { join } from 'node:path';
import { readFileSync } from 'node:fs';

export const text = (): string => readFileSync(join('a', 'b'), 'utf8');
