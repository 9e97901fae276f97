/** A form that is sent without script: its fields with the limits of the contract, and what was wrong with it. */
import { type Html, html } from '@souk/ui';
import type { FaultCode, FormView } from '../account-views.ts';
import { type Field, faultSummary, field } from './field.ts';

/** The limits of a text, as its schema says them. */
interface TextSchema {
  readonly minLength?: number;
  readonly maxLength?: number;
}

const lengthMax = 2_000;

/** Attributes of a field that the schema of its member decides. */
export function limitsOf(schema: object): Pick<Field, 'maxlength' | 'minlength'> {
  const { minLength: minlength, maxLength: maxlength = lengthMax } = schema as TextSchema;
  return { maxlength, minlength };
}

export interface Form extends FormView {
  readonly action: string;
  readonly submit: string;
  readonly fields: readonly Omit<Field, 'value' | 'fault'>[];
  /** Sent along, not shown. */
  readonly hidden?: Readonly<Record<string, string | undefined>>;
}

export function form({ frame, values, faults, action, submit, fields, hidden = {} }: Form): Html {
  const { account } = frame.tongue.words;
  const faultOf = (id: string): FaultCode | undefined => (Object.hasOwn(faults, id) ? faults[id] : undefined);
  const shown = fields.map((one) => {
    const code = faultOf(one.id);
    const value = one.type === 'password' || !Object.hasOwn(values, one.id) ? '' : (values[one.id] ?? '');
    return { ...one, value, fault: code && account.faults[code] };
  });
  const linked = shown.flatMap(({ id, label, fault }) => (fault === undefined ? [] : [{ id, label, fault }]));
  const whole = faultOf('form');
  return html`${whole !== undefined && html`<p class="banner bad" role="alert">${account.faults[whole]}</p>`}
${faultSummary(account.wrong, linked)}
<form class="panel form" action="${action}" method="post">
${Object.entries(hidden).map(([name, value]) => value !== undefined && html`<input type="hidden" name="${name}" value="${value}">`)}
${shown.map(field)}
<p><button class="button" type="submit">${submit}</button></p>
</form>`;
}
