/** What pages are drawn from. What could not be loaded is undefined, and the page says so where it matters. */
import type { Facets, Group, GroupFacets, Product, ProofSummary } from '@souk/contracts';
import type { Tongue } from './words/languages.ts';

export type ShownProduct = Pick<
  Product,
  | 'id'
  | 'sku'
  | 'name'
  | 'description'
  | 'price'
  | 'currency'
  | 'category'
  | 'image_url'
  | 'attributes'
  | 'group_id'
  | 'options'
  | 'stock_quantity'
  | 'status'
>;

/** A thing as lists show it: what customers choose first, whatever its variants. */
export type ShownThing = Pick<
  Group,
  | 'id'
  | 'handle'
  | 'title'
  | 'description'
  | 'category'
  | 'image_url'
  | 'min_price'
  | 'max_price'
  | 'currency'
  | 'variant_count'
  | 'available_count'
>;

export interface CategoryEntry {
  readonly name: string;
  readonly product_count: number;
}

/** Addresses of the files that pages load; their names hold a hash of their content. */
export interface PageAssets {
  readonly style: string;
  readonly icon: string;
  readonly script: string;
  /** Fonts that every page begins with. */
  readonly fonts: readonly string[];
}

/** Who looks at a page, by the session of the browser. */
export interface ShownPerson {
  /** Undefined while it cannot be read. */
  readonly full_name: string | undefined;
  /** They have no account to sign in to. */
  readonly is_guest: boolean;
}

/** What is around every page. */
export interface FrameView {
  readonly tongue: Tongue;
  readonly shop_name: string;
  /** Where the shop is, as `https://shop.example`. */
  readonly origin: string;
  readonly assets: PageAssets;
  /** The address under which search engines know the page: path and query in their plain form. */
  readonly canonical: string;
  readonly categories: readonly CategoryEntry[] | undefined;
  /** Undefined for a stranger. */
  readonly person: ShownPerson | undefined;
  /** Pieces in the cart of the browser. */
  readonly cart_pieces: number;
  /** In which moments are written. */
  readonly time_zone: string;
}

export interface HomeView {
  readonly frame: FrameView;
  /** The newest, newest first. */
  readonly newest: readonly ShownThing[] | undefined;
}

export type Sort = 'name' | 'price' | '-price' | 'newest' | 'relevance';

export interface Match {
  readonly name: string;
  readonly values: readonly string[];
}

/** Which things a list shows, as its address says. */
export interface ListQuestion {
  /** Of the category pages; also a filter of the search. */
  readonly category: string | undefined;
  readonly q: string | undefined;
  /** Decimal numbers of major units. */
  readonly min_price: string | undefined;
  readonly max_price: string | undefined;
  readonly in_stock: boolean;
  /** What products must say of themselves, by names such as `option.Size`: one of the values each. */
  readonly matches: readonly Match[];
  /** Undefined: the usual one of the page. */
  readonly sort: Sort | undefined;
  readonly cursor: string | undefined;
}

export interface ListView {
  readonly frame: FrameView;
  readonly kind: 'category' | 'search';
  readonly question: ListQuestion;
  readonly things: readonly ShownThing[];
  readonly next_cursor: string | null;
  readonly facets: Facets | undefined;
  /** What there is to choose by, with how many things each value leaves. */
  readonly choices: GroupFacets['facets'] | undefined;
  /** What was found has no word of the question; it is what comes close to it. */
  readonly only_close: boolean;
}

export interface ProductView {
  readonly frame: FrameView;
  readonly product: ShownProduct;
  /** What it is a variant of, or it alone; undefined for what is sold no more. */
  readonly thing: Pick<ShownThing, 'id' | 'handle' | 'title'> | undefined;
  /** All of its group with itself; empty for what is alone. Their stock is the copy that the catalogue keeps. */
  readonly variants: readonly ShownProduct[];
  /** Pieces by product as inventory has counted them; undefined when it does not answer. */
  readonly counted: ReadonlyMap<string, number> | undefined;
  readonly related: readonly ShownThing[] | undefined;
}

export interface ProofView {
  readonly frame: FrameView;
  /** What the auditor has found; null when it has not ended a run, undefined when it does not answer. */
  readonly audit: ProofSummary['audit'] | undefined;
}

export type RefusalKind = 'not_found' | 'away' | 'too_many' | 'invalid';

export interface RefusalView {
  readonly frame: FrameView;
  readonly kind: RefusalKind;
}
