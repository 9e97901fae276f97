/** The languages of mails, and the words that templates do not hold because code chooses among them. */
import { minorToDecimal, toMinor } from '@souk/kernel';

export const locales = ['en', 'de', 'fr'] as const;
export type Locale = (typeof locales)[number];

/** The language of a tag such as `de-AT`, where there are mails in it. */
export function localeOf(tag: unknown): Locale | undefined {
  return typeof tag === 'string' ? locales.find((locale) => tag.toLowerCase().split('-')[0] === locale) : undefined;
}

interface Words {
  hello: string;
  order: string;
  reasons: Readonly<Record<string, string>>;
  money: Readonly<Record<'not_taken' | 'unknown' | 'taken', string>>;
}

export const words: Readonly<Record<Locale, Words>> = {
  en: {
    hello: 'Hello',
    order: 'order',
    reasons: {
      out_of_stock: 'not everything in it was in stock',
      payment_declined: 'the payment was declined',
      stock_timeout: 'we could not check the stock in time',
      payment_timeout: 'the payment did not come in time',
      customer_request: 'you asked for it',
      staff_request: 'the shop had to cancel it',
    },
    money: {
      not_taken: 'You have not been charged.',
      unknown: 'Should the payment have gone through nevertheless, it is given back.',
      taken: 'What you have paid for it is given back.',
    },
  },
  de: {
    hello: 'Hallo',
    order: 'Bestellung',
    reasons: {
      out_of_stock: 'nicht alles darin war vorrätig',
      payment_declined: 'die Zahlung wurde abgelehnt',
      stock_timeout: 'wir konnten den Bestand nicht rechtzeitig prüfen',
      payment_timeout: 'die Zahlung kam nicht rechtzeitig',
      customer_request: 'Sie haben darum gebeten',
      staff_request: 'der Shop musste sie stornieren',
    },
    money: {
      not_taken: 'Es wurde nichts abgebucht.',
      unknown: 'Sollte die Zahlung dennoch durchgegangen sein, geben wir sie zurück.',
      taken: 'Was Sie dafür bezahlt haben, geben wir zurück.',
    },
  },
  fr: {
    hello: 'Bonjour',
    order: 'commande',
    reasons: {
      out_of_stock: "tout n'était pas en stock",
      payment_declined: 'le paiement a été refusé',
      stock_timeout: "nous n'avons pas pu vérifier le stock à temps",
      payment_timeout: "le paiement n'est pas arrivé à temps",
      customer_request: "vous l'avez demandé",
      staff_request: "la boutique a dû l'annuler",
    },
    money: {
      not_taken: "Rien n'a été débité.",
      unknown: 'Si le paiement a tout de même abouti, il vous est rendu.',
      taken: 'Ce que vous avez payé vous est rendu.',
    },
  },
};

/** Cancellations for these reasons come before any money was taken. */
const reasonsBeforeMoney: ReadonlySet<unknown> = new Set(['out_of_stock', 'payment_declined', 'stock_timeout']);

/** What a cancellation means for the customer's money; events from before say it by their reason only. */
export function moneyInWords(locale: Locale, money: unknown, reason: unknown): string | undefined {
  const known = money ?? (reasonsBeforeMoney.has(reason) ? 'not_taken' : 'unknown');
  return (words[locale].money as Readonly<Record<string, string>>)[String(known)];
}

/** An amount of the wire as people of that language write it, from its exact decimals. */
export function amountInWords(locale: Locale, amount: number, currency: string): string {
  const decimal = minorToDecimal(toMinor(amount, currency), currency) as `${number}`;
  return new Intl.NumberFormat(locale, { style: 'currency', currency }).format(decimal);
}
