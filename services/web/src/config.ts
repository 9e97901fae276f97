import { loadProcessConfig, processFields } from '@souk/service-kit';
import Type, { type Static } from 'typebox';

export const WebConfig = Type.Object({ ...processFields });
export type WebConfig = Readonly<Static<typeof WebConfig>>;

/** Throws `config_invalid` with every problem at once. */
export function loadWebConfig(): WebConfig {
  return loadProcessConfig('web', WebConfig, process.env);
}
