/** The page of the sandbox provider, without script: what is to be paid, and a button for each way it can end. */
import { toMajor } from '@souk/kernel';
import type { ProviderPage } from './required-interfaces.ts';

const words: Readonly<Record<ProviderPage['state'], string>> = {
  open: 'No money moves here: choose what your bank is to answer.',
  paid: 'Paid. You can go back to the shop.',
  closed: 'This page is closed. Nothing was paid on it.',
};

/** All parts are numbers, codes and ids, so that there is nothing to escape. */
export function sandboxPage(payment_id: string, { amount, currency, state }: ProviderPage): string {
  const forms = (['paid', 'refused'] as const).map((outcome) => form(payment_id, outcome)).join('\n');
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Sandbox payment</title>
<h1>${toMajor(amount, currency)} ${currency}</h1>
<p>${words[state]}</p>
${state === 'open' ? forms : ''}
</html>
`;
}

function form(payment_id: string, outcome: 'paid' | 'refused'): string {
  const button = outcome === 'paid' ? 'Pay' : 'Refuse';
  return `<form method="post" action="/api/payments/sandbox/pages/${payment_id}/${outcome}"><button>${button}</button></form>`;
}
