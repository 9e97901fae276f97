/** What those who work for the shop know.*/
import type { Person } from './client.ts';
import type { History } from './history.ts';

export interface Staffing {
  staff: Person;
  products: readonly string[];
  customers: readonly Person[];
  history: History;
  began: number;
  stopped: AbortSignal;
}
