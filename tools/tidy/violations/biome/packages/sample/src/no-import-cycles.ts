import { egg } from './no-import-cycles-back.ts';

export const hen = (): unknown => egg;
