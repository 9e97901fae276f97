/** What is wrong with the form around a field. */
import { createContext } from 'preact';
import type { Fault } from '../live/faults.ts';

export const FaultsContext = createContext<readonly Fault[]>([]);
