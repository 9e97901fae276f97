import { name } from '@souk/contracts';
export const other = name;
