/** A rate of tax as it is typed, sent and compared. */
import type { BodyOf, createTaxRate, TaxRate } from '@souk/contracts';
import type { TypedReader } from '../../live/typed.ts';
import { changedMoment, typedMoment } from '../../parts/moment.ts';

export type RateBody = BodyOf<typeof createTaxRate>;

const names = ['country', 'region', 'postal_prefix', 'tax_class', 'name', 'rate_percent', 'valid_from', 'valid_until'] as const;
export type RateTexts = Readonly<Record<(typeof names)[number], string>>;

const usualClass = 'standard';

/** What the fields begin with: a new rate, or one that is to be changed. */
export function rateTexts(rate: TaxRate | undefined, country: string): RateTexts {
  return {
    country: rate?.country ?? country,
    region: rate?.region ?? '',
    postal_prefix: rate?.postal_prefix ?? '',
    tax_class: rate?.tax_class ?? usualClass,
    name: rate?.name ?? '',
    rate_percent: rate === undefined ? '' : String(rate.rate_percent),
    valid_from: typedMoment(rate?.valid_from ?? null),
    valid_until: typedMoment(rate?.valid_until ?? null),
  };
}

export function rateBody(form: TypedReader<keyof RateTexts>, before: TaxRate | undefined): RateBody {
  const moment = (name: 'valid_from' | 'valid_until') => changedMoment(form.textOrNull(name) ?? '', before?.[name] ?? null);
  return {
    country: form.text('country'),
    region: form.textOrNull('region')?.toUpperCase() ?? null,
    postal_prefix: form.textOrNull('postal_prefix')?.toUpperCase() ?? null,
    tax_class: form.textOrNull('tax_class')?.toLowerCase() ?? usualClass,
    name: form.text('name'),
    rate_percent: form.decimal('rate_percent'),
    valid_from: moment('valid_from'),
    valid_until: moment('valid_until'),
  };
}

/** The body that leaves a rate as it is. */
export function bodyOf({ id: _, version: __, ...body }: TaxRate): RateBody {
  return body;
}

/** Whether the rate says what was sent. */
export function isAsSent(rate: TaxRate, body: RateBody): boolean {
  return names.every((name) => comparable(name, rate[name]) === comparable(name, body[name]));
}

function comparable(name: (typeof names)[number], value: string | number | null | undefined): string | number | undefined {
  if (value === null || value === undefined) return undefined;
  // An instant has several texts.
  return name === 'valid_from' || name === 'valid_until' ? Date.parse(String(value)) : value;
}
