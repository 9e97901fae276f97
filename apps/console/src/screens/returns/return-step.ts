import type { Return } from '@souk/contracts';

/** What each next step of a return is made for: the version that is shown. */
export interface ReturnStepProps {
  of: Return;
  etag: string | undefined;
  close(): void;
  changed(): Promise<void>;
}
