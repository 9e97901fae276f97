/** What a list can be filtered by because its things say it of themselves: fields of the form of filters, each with how many things it leaves. */
import { type Html, html } from '@souk/ui';
import type { ListView, Match } from '../views.ts';

/** More would be longer than the list. What is chosen already is always there. */
const namesMax = 6;
const valuesMax = 12;

/** As products call it, without what kind of name it is. */
export function nameOfMatch(name: string): string {
  return name.slice(name.indexOf('.') + 1);
}

export function facetFields({ choices = [], question: { matches } }: ListView): Html[] {
  const chosen = new Map(matches.map(({ name, values }) => [name, values]));
  const shown = choices.filter(({ name }, index) => index < namesMax || chosen.has(name));
  const hidden = matches.filter(({ name }) => shown.every((facet) => facet.name !== name));
  return [
    ...shown.map((facet, index) => facetField(facet, chosen.get(facet.name) ?? [], index)),
    ...hidden.flatMap(({ name, values }: Match) => values.map((value) => html`<input type="hidden" name="${name}" value="${value}">`)),
  ];
}

interface Facet {
  readonly name: string;
  readonly values: readonly { readonly value: string; readonly group_count: number }[];
}

function facetField({ name, values }: Facet, chosen: readonly string[], place: number): Html {
  const listed = values.filter(({ value }, index) => value !== '' && (index < valuesMax || chosen.includes(value)));
  const gone = chosen.filter((value) => listed.every((one) => one.value !== value)).map((value) => ({ value, group_count: 0 }));
  const ticks = [...listed, ...gone].map(({ value, group_count }, index) => {
    const id = `facet-${place + 1}-${index + 1}`;
    return html`<div class="tick"><input id="${id}" type="checkbox" name="${name}" value="${value}" checked="${chosen.includes(value)}"><label for="${id}"><span dir="auto">${value}</span> <span class="quiet">${group_count}</span></label></div>
`;
  });
  return html`<fieldset class="facet"><legend dir="auto">${nameOfMatch(name)}</legend>${ticks}</fieldset>
`;
}
