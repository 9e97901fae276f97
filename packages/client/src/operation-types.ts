/**
 * What each operation takes and answers, as types. They come from the contracts and leave nothing behind at run time. The built
 * package has this one file written out as plain types instead (tools/client-package), so that it needs no other package.
 */
import type * as contracts from '@souk/contracts';
import type { BodyOf, OrderTransition, ParamsOf, Problem, QueryOf, ResponseOf, RouteDeclaration, TokenPair } from '@souk/contracts';
import type { operations } from './operations.ts';

export type { OrderTransition, Problem, TokenPair };

/** The name of a route that clients reach: the name of its declaration, such as `placeOrder`. */
export type OperationName = keyof typeof operations;

/** Undefined where the operation takes or answers nothing. */
export interface OperationShape {
  params: unknown;
  query: unknown;
  body: unknown;
  /** Body of each success, by status. */
  responses: object;
  /** Codes of its own, beside the general ones. */
  code: string;
}

export type ShapeOfRoute<R extends RouteDeclaration> = {
  params: ParamsOf<R>;
  query: QueryOf<R>;
  body: BodyOf<R>;
  responses: { [Status in keyof R['responses']]: ResponseOf<R, Status> };
  code: R extends { errors: readonly (infer Code extends string)[] } ? Code : never;
};

export type Operations = { [Name in OperationName]: ShapeOfRoute<(typeof contracts)[Name]> };

/** The declaration of a route: within the repository also those are called that no client reaches. */
export type DeclaredRoute = RouteDeclaration;

/** Any operation may be refused with these, beside the codes of its own. */
export type GeneralCode = (typeof contracts.generalCodes)[number];
