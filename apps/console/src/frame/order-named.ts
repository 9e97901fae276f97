/** How an order is asked for by what was typed: `S-10042`, `s10042`, `10042` or an id. */

const number = /^(?:s-?)?(\d{5,12})$/i;
const id = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Undefined where the text names no order. */
export function orderNamed(text: string): { number: string } | { ids: string } | undefined {
  const typed = text.trim();
  const [, digits] = number.exec(typed) ?? [];
  if (digits !== undefined) return { number: `S-${digits}` };
  return id.test(typed) ? { ids: typed.toLowerCase() } : undefined;
}
