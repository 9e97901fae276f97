import type { FaultCode } from '../../live/typed.ts';

export const faults = {
  missing: 'Something has to be entered here.',
  no_number: 'This is not a number.',
  not_whole: 'This is not a whole number.',
  no_steps: 'Each line has two numbers, such as 0 4.90.',
} satisfies Record<FaultCode, string>;
