import type { IncomingHttpHeaders } from 'node:http';
import { challengeHeader, proofFor, proofHeader } from '@souk/discovery';
import { platformKeys } from '@souk/kernel/platform-keys';

/** The proof with which a server of a test passes for whichever instance it is asked to be, at the address it is asked at. */
export function proofOf(installation_token: string, headers: IncomingHttpHeaders): Record<string, string> {
  const challenge = String(headers[challengeHeader] ?? '');
  const [name = '', instance_id = ''] = challenge.split(' ');
  const at = new URL(`http://${headers.host ?? 'localhost'}`);
  const identity = { name, instance_id, host: at.hostname, port: Number(at.port) };
  const proof = proofFor(platformKeys(installation_token).identityKey(), challenge, identity);
  return proof === undefined ? {} : { [proofHeader]: proof };
}
