/** A field of a form, with what is wrong with it said beside it and linked to it. */
import { type Html, html } from '@souk/ui';

export interface Field {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly type?: 'text' | 'email' | 'tel' | 'password';
  /** Tokens of autocomplete, so that a browser fills it in. */
  readonly autocomplete: string;
  readonly maxlength: number;
  readonly minlength?: number | undefined;
  readonly required?: boolean;
  /** Beside the label, such as that it is optional. */
  readonly hint?: string | undefined;
  readonly fault?: string | undefined;
}

export function field({ id, label, value, type = 'text', autocomplete, maxlength, minlength, required = false, hint, fault }: Field): Html {
  return html`<div class="field">${fieldLabel(id, label, hint)}<input id="${id}" class="input" type="${type}" name="${id}" value="${value}" autocomplete="${autocomplete}" maxlength="${maxlength}" minlength="${minlength}" required="${required}" dir="auto" aria-invalid="${fault !== undefined && 'true'}" aria-describedby="${fault !== undefined && `${id}-fault`}">${faultLine(id, fault)}</div>
`;
}

export function fieldLabel(id: string, label: string, hint?: string): Html {
  return html`<label for="${id}">${label}${hint !== undefined && html` <span class="quiet">${hint}</span>`}</label>`;
}

export function faultLine(id: string, fault: string | undefined): Html | undefined {
  return fault === undefined ? undefined : html`<p class="fault" id="${id}-fault">${fault}</p>`;
}

/** What a form says first: what is wrong, each with a link to where. */
export function faultSummary(title: string, faults: readonly { id: string; label: string; fault: string }[]): Html | undefined {
  if (faults.length === 0) return undefined;
  return html`<div class="banner bad" role="alert"><div><p><b>${title}</b></p><ul>${faults.map(({ id, label, fault }) => html`<li><a href="#${id}">${label}</a>: ${fault}</li>`)}</ul></div></div>`;
}

/** As long as the API takes it. */
export function lengthOf(schema: object, otherwise: number): number {
  return (schema as { maxLength?: number }).maxLength ?? otherwise;
}
