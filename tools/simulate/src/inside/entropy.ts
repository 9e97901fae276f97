/** Ids and secrets of a run: from the seed, one sequence for each actor. Outside of a run they are random. */
import { randomBytes, randomUUIDv7 } from 'node:crypto';
import { stage } from './stage.ts';

const counterMax = 0xfff;

/** A UUID version 7 of the virtual time; within a millisecond a counter keeps the order in which they were made, as Node's does. */
export function simulatedUuid(): string {
  const { world } = stage;
  if (world === undefined) return randomUUIDv7();
  const ms = Math.floor(world.now_ms);
  const { last_id: last } = world;
  last.counter = last.ms === ms ? Math.min(last.counter + 1, counterMax) : 0;
  last.ms = ms;
  const time = ms.toString(16).padStart(12, '0');
  const count = last.counter.toString(16).padStart(3, '0');
  const variant = (8 + Math.floor(world.draw(`${world.life().actor} ids`) * 4)).toString(16);
  const rest = simulatedHex(8).slice(1);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${count}-${variant}${rest.slice(0, 3)}-${rest.slice(3, 15)}`;
}

export function simulatedSecret(bytes: number): string {
  return (stage.world === undefined ? randomBytes(bytes) : Buffer.from(simulatedHex(bytes), 'hex')).toString('base64url');
}

/** So many random bytes in hexadecimal digits. */
export function simulatedHex(bytes: number): string {
  const { world } = stage;
  if (world === undefined) return randomBytes(bytes).toString('hex');
  const random = world.random(`${world.life().actor} ids`);
  let hex = '';
  while (hex.length < 2 * bytes) hex += random.between(0, 0xffffff).toString(16).padStart(6, '0');
  return hex.slice(0, 2 * bytes);
}
