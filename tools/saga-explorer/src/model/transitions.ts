/**
 * Everything that can happen next. A message that was published waits until it is acknowledged, for any time and in any
 * order, and is delivered again at any time after that, without a limit: that is why a set of bits is enough for what is in
 * flight. The outbox needs no place of its own, because a row of it is a message that nobody has received yet.
 */
import { type Checkouts, type Effect, place, rowWidth } from './checkout.ts';
import { bitsOfEvents, events, type Message } from './messages.ts';

/** How an effect comes about, in the words before and after what it says. */
interface How {
  before: string;
  after: string;
}

const plain: How = { before: '', after: '' };
const again: How = { before: 'once more: ', after: '' };
const killedBefore: How = { before: '', after: ', but its process is killed before the commit' };
const killedAfter: How = { before: '', after: ', and its process is killed before it acknowledges' };

/** One transition. `state` is overwritten after the call; `broken` is what must never happen. */
export type Visit = (state: Int32Array, fair: boolean, effect: Effect, how: How, broken: string | undefined) => void;

/** A transition in words. */
export function sentenceOf({ says }: Effect, { before, after }: How): string {
  return `${before}${says}${after}`;
}

interface Scene {
  checkouts: Checkouts;
  state: Int32Array;
  next: Int32Array;
  visit: Visit;
}

/** Visits every transition; those that leave everything as it is are visited too. */
export function visitTransitions(checkouts: Checkouts, state: Int32Array, next: Int32Array, visit: Visit): void {
  const scene = { checkouts, state, next, visit };
  for (const effect of checkouts.stockEffects(state[0] as number)) {
    next.set(state);
    next[0] = effect.next;
    visit(next, effect.fair, effect, plain, effect.breaks);
  }
  for (let row = 1; row < state.length; row += rowWidth) {
    for (const message of checkouts.messages) visitDeliveries(scene, row, message);
    for (const effect of checkouts.orderEffects(state[row + place.order] as number)) visitOwn(scene, row, place.order, effect);
    for (const effect of checkouts.paymentEffects(state[row + place.payments] as number)) visitOwn(scene, row, place.payments, effect);
    for (const effect of checkouts.newsEffects(state[row + place.news] as number)) visitOwn(scene, row, place.news, effect);
  }
}

function visitOwn({ checkouts, state, next, visit }: Scene, row: number, where: number, effect: Effect): void {
  next.set(state);
  next[row + where] = effect.next;
  visit(next, effect.fair, effect, plain, effect.breaks ?? publish(next, row, effect, checkouts.delivered));
}

/** Publishes in the same transaction; what is published a second time is another event, on which everyone acts once more. */
function publish(next: Int32Array, row: number, { publishes, says }: Effect, delivered: number): string | undefined {
  const before = next[row + place.published] as number;
  next[row + place.published] = before | publishes;
  next[row + place.unacknowledged] = (next[row + place.unacknowledged] as number) | (publishes & delivered);
  if ((before & publishes) === 0) return undefined;
  const twice = events.filter((event) => (bitsOfEvents([event]) & before & publishes) !== 0);
  return `${says}; ${twice.join(', ')} is published a second time`;
}

function visitDeliveries(scene: Scene, row: number, message: Message): void {
  const { state, checkouts } = scene;
  if (((state[row + place.published] as number) & message.bit) === 0) return;
  const first = ((state[row + place.unacknowledged] as number) & message.bit) !== 0;
  for (const effect of checkouts.received(state, row, message)) {
    if (first) visitFirst(scene, row, message, effect);
    else visitCommit(scene, row, message, effect, again);
  }
}

function visitFirst(scene: Scene, row: number, message: Message, effect: Effect): void {
  visitCrashBeforeCommit(scene, row, message, effect);
  visitCommit(scene, row, message, effect, plain);
  if (scene.checkouts.bounds.lost_acknowledgements) visitCommit(scene, row, message, effect, killedAfter);
}

function unchanged({ state, next }: Scene): Int32Array {
  next.set(state);
  return next;
}

/** The process is killed before its commit: nothing has happened, as long as it publishes and acknowledges after it. */
function visitCrashBeforeCommit(scene: Scene, row: number, message: Message, effect: Effect): void {
  const next = unchanged(scene);
  const { acknowledges, publishes } = scene.checkouts.decisions.consumption;
  const broken = publishes === 'before_commit' ? publish(next, row, effect, scene.checkouts.delivered) : undefined;
  if (acknowledges === 'before_commit') next[row + place.unacknowledged] = (next[row + place.unacknowledged] as number) & ~message.bit;
  scene.visit(next, false, effect, killedBefore, broken);
}

/** Effect and events in one transaction. What fails in passing changes nothing and comes again later. */
function visitCommit(scene: Scene, row: number, message: Message, effect: Effect, how: How): void {
  const next = unchanged(scene);
  const fair = how === plain && effect.fair;
  if (effect.passing) {
    scene.visit(next, fair, effect, how, effect.breaks);
    return;
  }
  if (how !== killedAfter) next[row + place.unacknowledged] = (next[row + place.unacknowledged] as number) & ~message.bit;
  next[row + ownPlaceOf(message)] = effect.next;
  if (effect.stock >= 0) next[0] = effect.stock;
  const unpublished = how === killedAfter && scene.checkouts.decisions.consumption.publishes === 'after_commit';
  const broken = unpublished ? undefined : publish(next, row, effect, scene.checkouts.delivered);
  scene.visit(next, fair, effect, how, effect.breaks ?? broken);
}

function ownPlaceOf({ service }: Message): number {
  switch (service) {
    case 'orders':
      return place.order;
    case 'inventory':
      return place.reservation;
    case 'payments':
      return place.payments;
    case 'notifications':
      return place.news;
  }
}
