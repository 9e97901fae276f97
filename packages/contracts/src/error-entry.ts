/** One way in which Souk says no, as the table of errors holds it. */
export interface ErrorEntry {
  status: number;
  title: string;
  kind: 'permanent' | 'passing';
  /** What the caller can do. */
  advice: string;
}

/** A refusal that stays: the same request would be refused again. */
export const permanent = (status: number, title: string, advice: string): ErrorEntry => ({ status, title, kind: 'permanent', advice });
/** A refusal that may have gone when the same is tried again. */
export const passing = (status: number, title: string, advice: string): ErrorEntry => ({ status, title, kind: 'passing', advice });
