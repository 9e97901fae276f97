/** Where a list goes on: the last row's value in the list's order, and its id. */
import { isCurrency, isUuid } from '@souk/kernel';

export type ListOrder = 'name' | 'price' | '-price' | 'newest' | 'relevance';

export interface ListCursor {
  sort: ListOrder;
  value?: string | number | undefined;
  /** Of the price a list goes on from. */
  currency?: string | undefined;
  id: string;
}

const nameLengthMax = 400;

/** Whether a value is a cursor of a list in this order. */
export function isCursorOf(sort: ListOrder): (value: unknown) => value is ListCursor {
  return (value): value is ListCursor => {
    if (typeof value !== 'object' || value === null) return false;
    const cursor = value as Partial<ListCursor>;
    return (
      cursor.sort === sort &&
      typeof cursor.id === 'string' &&
      isUuid(cursor.id) &&
      isCurrencyOf(sort, cursor.currency) &&
      isValueOf(sort, cursor.value)
    );
  };
}

function isCurrencyOf(sort: ListOrder, currency: unknown): boolean {
  if (currency === undefined) return true;
  return (sort === 'price' || sort === '-price') && typeof currency === 'string' && isCurrency(currency);
}

function isValueOf(sort: ListOrder, value: unknown): boolean {
  switch (sort) {
    case 'newest':
      return value === undefined;
    case 'name':
      return typeof value === 'string' && value.length <= nameLengthMax;
    case 'relevance':
      return typeof value === 'number' && Number.isFinite(value);
    case 'price':
    case '-price':
      return Number.isSafeInteger(value);
  }
}
