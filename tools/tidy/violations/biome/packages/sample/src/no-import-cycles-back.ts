import { hen } from './no-import-cycles.ts';

export const egg = (): unknown => hen;
