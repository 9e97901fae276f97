/** Who is meant by the actor of a record. */
export interface ActorNamed {
  readonly user_id: string;
  /** The API key by which it was done in that name. */
  readonly key_id: string | undefined;
}

const form = /^(?:staff|user):([0-9a-f-]{36})(?:\/key:([0-9a-f-]{36}))?/;

/** Undefined for what no account did, such as `system`. */
export function actorNamed(actor: string): ActorNamed | undefined {
  const [, user_id, key_id] = form.exec(actor) ?? [];
  return user_id === undefined ? undefined : { user_id, key_id };
}

/** A change of a count with its sign. */
export function signed(change: number): string {
  return change > 0 ? `+${change}` : String(change).replace('-', '−');
}
