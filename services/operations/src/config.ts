import { loadProcessConfig, processFields, urlField } from '@souk/service-kit';
import Type, { type Static } from 'typebox';

const milliseconds = (description: string, most: number, value: number) =>
  Type.Integer({ minimum: 0, maximum: most, default: value, description });

export const OperationsConfig = Type.Object({
  ...processFields,
  audit_interval_ms: milliseconds('Between two audits, in milliseconds; 0 for none.', 86_400_000, 600_000),
  drills_url: Type.Optional(
    urlField('Where the process that runs the shop takes drills; npm start and npm run up set it where SOUK_DRILLS allows them.'),
  ),
  audit_grace_ms: milliseconds('How long a fault must have stayed to be a violation, in milliseconds.', 600_000, 60_000),
  status_interval_ms: milliseconds(
    'Between two observations of the platform while no client polls the status page, in milliseconds; 0 for none.',
    600_000,
    10_000,
  ),
});
export type OperationsConfig = Readonly<Static<typeof OperationsConfig>>;

/** Throws `config_invalid` with every problem at once. */
export function loadOperationsConfig(): OperationsConfig {
  return loadProcessConfig('operations', OperationsConfig, process.env);
}
