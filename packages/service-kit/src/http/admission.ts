/** Who may pass: decides from the route's access and the Authorization header, before anything of the body is read. */
import { type RouteDeclaration, refusal } from '@souk/contracts';
import { bearerToken } from '../auth/bearer.ts';
import type { Caller } from '../auth/caller.ts';
import { checkAdmitted } from '../auth/check-admitted.ts';
import { showsOrderLink } from '../auth/order-links.ts';
import type { Verifier } from '../auth/verifier.ts';

/** The caller at once when the token is remembered or none is needed; a promise when it must be verified. */
export type Gatekeeper = (authorization: string | undefined) => Caller | undefined | Promise<Caller>;

export interface Keys {
  verifier: Verifier;
  isInternal(token: string): boolean;
  /** The token of fault injection. */
  isChaos(token: string): boolean;
}

export function createGatekeeper(
  route: Pick<RouteDeclaration, 'access' | 'scope' | 'order_link'>,
  { verifier, isInternal, isChaos }: Keys,
): Gatekeeper {
  const { access } = route;
  const admitted = (caller: Caller): Caller => {
    checkAdmitted(caller, route);
    return caller;
  };
  if (access === 'internal') return (authorization) => holderOnly(authorization, isInternal, 'services');
  if (access === 'chaos') return (authorization) => holderOnly(authorization, isChaos, 'fault injection');
  return (authorization) => {
    if (authorization === undefined) {
      if (access === 'public') return undefined;
      throw refusal('token_missing');
    }
    // Who shows a link is no caller: the handler looks at the link.
    if (route.order_link === true && showsOrderLink(authorization)) return undefined;
    const token = bearerToken(authorization);
    const caller = verifier.remembered(token);
    if (caller) return admitted(caller);
    return verifier.verify(token).then(admitted);
  };
}

function holderOnly(authorization: string | undefined, isRight: (token: string) => boolean, whom: string): undefined {
  if (authorization === undefined) throw refusal('token_missing', `This is for ${whom} only.`);
  const token = bearerToken(authorization);
  if (isRight(token)) return undefined;
  // A person's token is genuine here, only never enough.
  if (token.split('.').length === 3) throw refusal('forbidden', `This is for ${whom} only.`);
  throw refusal('token_invalid', `The token for ${whom} is not right.`);
}
