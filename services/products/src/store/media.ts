/** SQL of the pictures that are kept. */
import type { Queryable, Tx } from '@souk/postgres';

export interface MediaRow {
  hash: string;
  width: number;
  height: number;
}

/** Notes that the picture is wanted again, so that its files stay; undefined when it is not known. */
export async function useMedia(db: Queryable, hash: string, at: string): Promise<MediaRow | undefined> {
  const rows = await db.query<MediaRow>('update media set used_at = $2 where hash = $1 returning hash, width, height', [hash, at]);
  return rows[0];
}

/** Notes a picture, known or new. */
export async function keepMedia(db: Queryable, { hash, width, height }: MediaRow, at: string): Promise<void> {
  await db.query(
    `insert into media (hash, width, height, used_at) values ($1, $2, $3, $4)
     on conflict (hash) do update set used_at = excluded.used_at`,
    [hash, width, height, at],
  );
}

/** Deletes pictures last uploaded before then that no product shows; answers which. Those that are being uploaded are left alone. */
export async function deleteUnusedMedia(tx: Tx, before: string, most: number): Promise<string[]> {
  const rows = await tx.query<{ hash: string }>(
    `delete from media where hash in (
       select m.hash from media m
       where m.used_at < $1 and not exists (
         select from products p where p.images <> '[]' and p.images @> jsonb_build_array(jsonb_build_object('hash', m.hash))
       )
       order by m.used_at limit $2 for update skip locked
     ) returning hash`,
    [before, most],
  );
  return rows.map(({ hash }) => hash);
}
