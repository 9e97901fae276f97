import { createHash } from 'node:crypto';

/** A Lua script with the name Redis keeps it under. */
export interface Script {
  text: string;
  sha: string;
}

/** Names a script as Redis does, by the SHA-1 of its text. */
export function defineScript(text: string): Script {
  return { text, sha: createHash('sha1').update(text).digest('hex') };
}
