/** What the rows of one handle have in common, kept until a later row of that handle needs it. */
import type { ProductStatus } from './product.ts';

export interface SharedCells {
  title: string;
  description: string | undefined;
  category: string | null;
  image: string;
  status: ProductStatus;
  attributes: Readonly<Record<string, string>>;
  option_names: readonly string[];
}

export interface HandleMemory {
  recall(handle: string): SharedCells | undefined;
  keep(handle: string, shared: SharedCells): void;
}
