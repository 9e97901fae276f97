/** A method of shipping as it is typed, sent and compared. */
import type { BodyOf, createShippingMethod, ShippingMethod } from '@souk/contracts';
import type { TypedReader } from '../../live/typed.ts';

export type MethodBody = BodyOf<typeof createShippingMethod>;

const names = [
  ...(['zone_id', 'code', 'name', 'kind', 'currency', 'steps', 'free_from'] as const),
  ...(['days_min', 'days_max', 'tax_class', 'position'] as const),
] as const;
export type MethodTexts = Readonly<Record<(typeof names)[number], string>>;

const usual = { kind: 'flat', currency: 'EUR', position: '0' } as const;

/** Begins in this zone, or with a method that is to be changed. */
export function methodTexts(method: ShippingMethod | undefined, zone_id: string): MethodTexts {
  if (method === undefined)
    return { ...usual, zone_id, code: '', name: '', steps: '', free_from: '', days_min: '', days_max: '', tax_class: '' };
  const { code, name, kind, currency, steps, free_from, days_min, days_max, tax_class, position } = method;
  return {
    ...{ zone_id: method.zone_id, code, name, kind, currency, tax_class: tax_class ?? '' },
    steps: stepLines(method.kind, steps),
    free_from: free_from === null ? '' : String(free_from),
    ...{ days_min: String(days_min), days_max: String(days_max), position: String(position) },
  };
}

/** Of a flat price nothing else is said. */
function stepLines(kind: ShippingMethod['kind'], steps: ShippingMethod['steps']): string {
  return steps.map(({ from, amount }) => (kind === 'flat' ? String(amount) : `${from} ${amount}`)).join('\n');
}

export function methodBody(form: TypedReader<keyof MethodTexts>, active: boolean): MethodBody {
  const kind = form.text('kind') as MethodBody['kind'];
  return {
    zone_id: form.text('zone_id'),
    code: form.text('code').toLowerCase(),
    name: form.text('name'),
    kind,
    currency: form.text('currency').toUpperCase(),
    steps: kind === 'flat' ? [{ from: 0, amount: form.decimal('steps') }] : form.steps('steps'),
    free_from: form.decimalOrNull('free_from'),
    days_min: form.whole('days_min'),
    days_max: form.whole('days_max'),
    tax_class: form.textOrNull('tax_class')?.toLowerCase() ?? null,
    active,
    position: form.whole('position'),
  };
}

/** Whether the method says what was sent. */
export function isMethodAsSent(method: ShippingMethod, body: MethodBody): boolean {
  const { id: _, version: __, ...said } = method;
  return Object.entries(said).every(([name, value]) => JSON.stringify(value) === JSON.stringify(body[name as keyof MethodBody]));
}
