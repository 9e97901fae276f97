import { join } from 'path';

export const here = join('a', 'b');
