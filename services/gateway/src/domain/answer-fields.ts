/** The header fields of an answer as a flat list: names in lower case and values, by turns. */

export type Fields = readonly string[];

/** The first value of a field; undefined where it is missing. */
export function fieldOf(fields: Fields, name: string): string | undefined {
  for (let at = 0; at < fields.length; at += 2) if (fields[at] === name) return fields[at + 1];
  return undefined;
}

/** The fields of an answer whose body is at hand; those of the answer itself come last, so that its own type and length count. */
export function fieldsOf(status: number, content: string, content_type: string, headers: Readonly<Record<string, string>>): string[] {
  const described = new Map<string, string>();
  if (content !== '') described.set('content-type', content_type);
  if (status !== 204) described.set('content-length', String(Buffer.byteLength(content)));
  for (const name in headers) described.set(name, headers[name] as string);
  return [...described].flat();
}
