/** A file that is derived from the code. */
export interface Document {
  /** Path below the root of the repository, with slashes. */
  path: string;
  text: string;
}
