import type { Product } from '@souk/contracts';

/** The stock is in the tag, because a copy with other stock is another document, though the product's version is the same. */
export function tagOf({ version, stock_quantity }: Product): string {
  return `${version}.${stock_quantity}`;
}

/** An update depends on the version alone: stock that moved meanwhile is no conflict. */
export function versionCondition(if_match: string | undefined): string | undefined {
  return if_match?.replace(/"(\d+)\.\d+"/g, '"$1"');
}
