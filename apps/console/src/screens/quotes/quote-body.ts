/** What is asked for of a quote, as far as it was typed. */
import type { BodyOf, Product, quoteOrder } from '@souk/contracts';
import type { TypedReader } from '../../live/typed.ts';

export type QuoteBody = BodyOf<typeof quoteOrder>;

export const emptyQuote = { country: '', state: '', postal_code: '', codes: '', method: '' } as const;

export interface ChosenProduct {
  readonly product: Pick<Product, 'id' | 'name'>;
  readonly quantity: number;
}

export function quoteBody(form: TypedReader<keyof typeof emptyQuote>, chosen: readonly ChosenProduct[]): QuoteBody {
  const [state, postal_code, method] = (['state', 'postal_code', 'method'] as const).map((name) => form.textOrNull(name));
  const codes = form.codes('codes');
  return {
    items: chosen.map(({ product, quantity }) => ({ product_id: product.id, quantity })),
    shipping_address: { country: form.text('country'), ...(state && { state }), ...(postal_code && { postal_code }) },
    ...(method && { shipping_method: method }),
    ...(codes.length > 0 && { codes }),
  };
}

/** With this one too, or with one piece more of it. */
export function withProduct(chosen: readonly ChosenProduct[], product: ChosenProduct['product']): ChosenProduct[] {
  if (!chosen.some((each) => each.product.id === product.id)) return [...chosen, { product, quantity: 1 }];
  return chosen.map((each) => (each.product.id === product.id ? { ...each, quantity: each.quantity + 1 } : each));
}
