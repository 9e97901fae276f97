import type { Tx } from '@souk/postgres';
import type { ProductsContext } from '../context.ts';
import { groupIdOf, handleBase, numberedHandle } from '../domain/groups.ts';
import type { ProductRecord } from '../domain/product.ts';
import { lockGroups, reserveHandles, setHandles, takeNumbers } from '../store/groups.ts';
import { refreshGroups } from './refresh-groups.ts';

type Member = Pick<ProductRecord, 'id' | 'group_id' | 'name' | 'handle'>;

/** Makes the groups of changed products what the products say now, those that a product has left among them. */
export async function keepGroups(
  ctx: ProductsContext,
  tx: Tx,
  changes: readonly { before?: Member | undefined; after: Member }[],
): Promise<void> {
  const members = new Map(changes.map(({ after }) => [groupIdOf(after), after]));
  const left = changes.flatMap(({ before }) => (before === undefined ? [] : [groupIdOf(before)]));
  const ids = [...new Set([...members.keys(), ...left])].sort();
  if (ids.length === 0) return;
  const made = new Set(await lockGroups(tx, ids, [...members.keys()]));
  await nameGroups(
    tx,
    [...members].filter(([id]) => made.has(id)).map(([id, member]) => ({ id, base: handleBase(member) })),
  );
  await refreshGroups(ctx, tx, ids);
}

/** How often other numbers are tried where groups are called so by their own names ("shirt-2"). */
const roundsMax = 5;

/** Finds a handle for each new group: its name, with a number where others have it. */
async function nameGroups(tx: Tx, groups: readonly { id: string; base: string }[]): Promise<void> {
  let nameless = groups;
  for (let round = 1; nameless.length > 0; round += 1) {
    const wanted = round > roundsMax ? byId(nameless) : await byNumber(tx, nameless);
    const free = new Set(
      await reserveHandles(
        tx,
        wanted.map(({ handle }) => handle),
        wanted.map(({ id }) => id),
      ),
    );
    const named = wanted.filter(({ id }) => free.has(id));
    await setHandles(
      tx,
      named.map(({ handle }) => handle),
      named.map(({ id }) => id),
    );
    nameless = wanted.filter(({ id }) => !free.has(id));
    if (round > roundsMax) return;
  }
}

interface Wanted {
  id: string;
  base: string;
  handle: string;
}

async function byNumber(tx: Tx, groups: readonly { id: string; base: string }[]): Promise<Wanted[]> {
  const byBase = [...Map.groupBy(groups, ({ base }) => base)];
  const taken = await takeNumbers(
    tx,
    byBase.map(([base]) => base),
    byBase.map(([, same]) => same.length),
  );
  const last = new Map(taken.map(({ base, last_number }) => [base, last_number]));
  return byBase.flatMap(([base, same]) =>
    same.map(({ id }, index) => ({ id, base, handle: numberedHandle(base, (last.get(base) ?? 0) - same.length + index + 1) })),
  );
}

/** Ids are unique. */
function byId(groups: readonly { id: string; base: string }[]): Wanted[] {
  return groups.map(({ id, base }) => ({ id, base, handle: `${base}-${id.replaceAll('-', '')}` }));
}
