/** An event is declared once, here; its type, its validator and its reference page are derived from the declaration. */
import Type, { type Static, type TProperties } from 'typebox';
import { Compile } from 'typebox/compile';
import { CorrelationId, EventId, Timestamp } from './fields.ts';
import type { ServiceName } from './services.ts';

export const EventMetadata = Type.Object({
  causation_id: Type.Optional(Type.String({ maxLength: 64, description: 'The event or request that led to this event.' })),
  traceparent: Type.Optional(Type.String({ maxLength: 100, description: 'W3C trace context.' })),
  actor: Type.Optional(
    Type.String({ maxLength: 100, description: 'Who did it: user:<id>, staff:<id>, staff:<id>/key:<id> for an API key, or system.' }),
  ),
  correlation: Type.Optional(Type.String({ maxLength: 64, description: 'The correlation id as the client sent it, when it was no UUID.' })),
  republished: Type.Optional(
    Type.Boolean({
      description: 'Published once more from state, after a restore: a consumer that has acted on it already publishes its answer again.',
    }),
  ),
  source: Type.Optional(Type.String({ maxLength: 100, description: 'Service and code version that published it.' })),
});
export type EventMetadata = Static<typeof EventMetadata>;

/** The members every event has beside its own. */
export interface Envelope {
  event_id: string;
  event_type: string;
  timestamp: string;
  version: string;
  correlation_id: string;
  metadata: EventMetadata;
}

export interface EventDeclaration<Name extends string, P extends TProperties> {
  event_type: Name;
  version: string;
  /** The one service that publishes it. */
  owner: ServiceName;
  /** What has happened, in one sentence. */
  meaning: string;
  /** The members by which a consumer distinguishes newer from older. */
  ordering: string;
  payload: P;
}

export interface EventDefinition<Name extends string = string, Payload = object> {
  readonly event_type: Name;
  readonly version: string;
  readonly owner: ServiceName;
  readonly meaning: string;
  readonly ordering: string;
  /** JSON Schema of envelope and payload. Unknown members are allowed: consumers ignore what they do not know. */
  readonly schema: object;
  readonly payload_properties: TProperties;
  /** Undefined when the value is this event, else the first findings as `pointer: message`. */
  findings(value: unknown): string[] | undefined;
  /** Only for the type of the payload; never set. */
  readonly payload?: Payload;
}

export type PayloadOf<D> = D extends EventDefinition<string, infer P> ? P : never;
export type EventOf<D> = D extends EventDefinition<infer N, infer P> ? Envelope & { event_type: N } & P : never;
export type AnyEvent = Envelope & Record<string, unknown>;

const findingsMax = 5;

/** Declares an event: the payload flat beside the envelope. */
export function defineEvent<Name extends string, P extends TProperties>(
  declaration: EventDeclaration<Name, P>,
): EventDefinition<Name, Static<Type.TObject<P>>> {
  const schema = Type.Object(
    {
      event_id: EventId,
      event_type: Type.Literal(declaration.event_type),
      timestamp: Timestamp,
      version: Type.Literal(declaration.version),
      correlation_id: CorrelationId,
      metadata: EventMetadata,
      ...declaration.payload,
    },
    { ['$id']: `${declaration.event_type}.${declaration.version}`, title: declaration.event_type, description: declaration.meaning },
  );
  let compiled: ReturnType<typeof Compile<typeof schema>> | undefined;
  return {
    event_type: declaration.event_type,
    version: declaration.version,
    owner: declaration.owner,
    meaning: declaration.meaning,
    ordering: declaration.ordering,
    schema,
    payload_properties: declaration.payload,
    findings(value) {
      compiled ??= Compile(schema);
      if (compiled.Check(value)) return undefined;
      return compiled
        .Errors(value)
        .slice(0, findingsMax)
        .map((error) => `${error.instancePath || '/'}: ${error.message}`);
    },
  };
}
