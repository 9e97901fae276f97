/** Exact decimals as they are typed and as the wire has them; nothing is computed in floating point. */

const form = /^(\d{1,15})(?:[.,](\d{1,6}))?$/;
const places = 6;

/** In millionths. Undefined for what is no decimal number of at most six places. */
export function decimalOf(text: string): bigint | undefined {
  const [, whole, fraction = ''] = form.exec(text.trim()) ?? [];
  return whole === undefined ? undefined : BigInt(whole + fraction.padEnd(places, '0'));
}

/** The shortest text of it, which the wire takes as a number. */
export function decimalText(millionths: bigint): string {
  const digits = String(millionths < 0n ? -millionths : millionths).padStart(places + 1, '0');
  const fraction = digits.slice(-places).replace(/0+$/, '');
  return `${millionths < 0n ? '-' : ''}${digits.slice(0, -places)}${fraction === '' ? '' : `.${fraction}`}`;
}
