/** Where the shop is: the beginning of every address that search engines read. */
import type { WebConfig } from '../config.ts';

const plainHost = /^[a-z0-9.-]{1,253}(?::\d{1,5})?$|^\[[0-9a-f:]{2,45}\](?::\d{1,5})?$/i;

/** As it is configured; without that, as the request was addressed at the gateway. */
export function originOfShop({ shop_url }: Pick<WebConfig, 'shop_url'>, header: (name: string) => string | undefined): string {
  if (shop_url !== undefined) return shop_url.replace(/\/$/, '');
  const host = header('x-forwarded-host') ?? header('host') ?? '';
  const scheme = header('x-forwarded-proto') === 'https' ? 'https' : 'http';
  return plainHost.test(host) ? `${scheme}://${host}` : 'http://localhost';
}
