/** The key that signs mail (DKIM, RFC 6376), as the configuration names it. */
import { createPrivateKey } from 'node:crypto';
import { AppError } from '@souk/kernel';

export interface DkimKey {
  domain: string;
  selector: string;
  /** PEM. */
  private_key: string;
}

interface DkimSettings {
  mail_dkim_domain?: string | undefined;
  mail_dkim_selector?: string | undefined;
  mail_dkim_private_key?: string | undefined;
}

/** Shorter keys are refused by receivers (RFC 8301). */
const bitsMin = 1_024;

/** Undefined where no mail is signed. Throws `config_invalid` for half a configuration and for what is no RSA key: such mail would be taken for forged. */
export function dkimKeyOf({
  mail_dkim_domain: domain,
  mail_dkim_selector: selector,
  mail_dkim_private_key,
}: DkimSettings): DkimKey | undefined {
  if (domain === undefined && selector === undefined && mail_dkim_private_key === undefined) return undefined;
  if (domain === undefined || selector === undefined || mail_dkim_private_key === undefined)
    throw new AppError('config_invalid', 'Mail is signed with MAIL_DKIM_DOMAIN, MAIL_DKIM_SELECTOR and MAIL_DKIM_PRIVATE_KEY together.');
  const private_key = mail_dkim_private_key.replaceAll('\\n', '\n');
  const bits = modulusBits(private_key);
  if (bits < bitsMin) throw new AppError('config_invalid', `MAIL_DKIM_PRIVATE_KEY is no RSA key in PEM with at least ${bitsMin} bits.`);
  return { domain, selector, private_key };
}

/** 0 for what is no RSA key. */
function modulusBits(pem: string): number {
  try {
    const key = createPrivateKey(pem);
    return key.asymmetricKeyType === 'rsa' ? (key.asymmetricKeyDetails?.modulusLength ?? 0) : 0;
  } catch {
    // What is wrong with it is not said: the message must not hold a part of the key.
    return 0;
  }
}
