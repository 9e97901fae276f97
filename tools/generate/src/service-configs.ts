/** The configuration schemas of all services, as rows of the reference. */

import { type ServiceName, serviceNames } from '@souk/contracts';
import { configSchemas } from '@souk/platform';
import { type ConfigReferenceRow, configReference } from '@souk/service-kit';

export interface RowGroups {
  /** Variables that more than one service reads. */
  shared: ConfigReferenceRow[];
  /** Variables of one service alone. */
  own: ReadonlyMap<ServiceName, ConfigReferenceRow[]>;
}

/** One row for each variable; where services differ in its default or meaning, one row for each form. */
export function environmentRows(): ConfigReferenceRow[] {
  const forms = new Map<string, ConfigReferenceRow>();
  for (const name of serviceNames) {
    for (const row of configReference({ [name]: configSchemas[name] })) {
      const form = JSON.stringify([row.variable, row.type, row.default, row.required, row.meaning]);
      const known = forms.get(form);
      if (known) known.services.push(name);
      else forms.set(form, row);
    }
  }
  return [...forms.values()].sort((left, right) => byText(left.variable, right.variable) || right.services.length - left.services.length);
}

export function groupsOf(rows: readonly ConfigReferenceRow[]): RowGroups {
  const readers = (variable: string): number => rows.filter((row) => row.variable === variable).flatMap((row) => row.services).length;
  const alone = rows.filter((row) => readers(row.variable) === 1);
  const own = serviceNames.map((name) => [name, alone.filter((row) => row.services[0] === name)] as const);
  return { shared: rows.filter((row) => readers(row.variable) > 1), own: new Map(own) };
}

function byText(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
