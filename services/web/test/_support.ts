/** The service alone, with no gateway and no users: that is what it has to bear. */
import { loadConfig } from '@souk/service-kit';
import { buildWeb, WebConfig } from '../src/index.ts';

export async function aReference() {
  const env = {
    HOST: '127.0.0.1',
    PORT: '0',
    LOG_LEVEL: 'silent',
    INTERNAL_TOKEN: 'an internal token for tests only, 0123456789',
    GATEWAY_URL: '',
    USERS_URL: 'http://127.0.0.1:9',
  };
  const web = buildWeb(loadConfig('web', WebConfig, env));
  await web.start();
  return web;
}
