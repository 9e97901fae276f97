/** On to the next page of a list; how far one is stands in the address. */
import type { FunctionComponent } from 'preact';
import { useDesk } from '../desk.ts';
import { addressAt } from '../router.ts';

export const Pager: FunctionComponent<{ next_cursor: string | undefined }> = ({ next_cursor }) => {
  const { words, router } = useDesk();
  const { screen, entry, query } = router.place.value;
  const { cursor, ...filters } = query;
  if (cursor === undefined && next_cursor === undefined) return null;
  return (
    <p class="pager">
      {cursor !== undefined && (
        <a class="button plain" href={addressAt({ screen, entry, query: filters })}>
          {words.list.first}
        </a>
      )}
      {next_cursor !== undefined && (
        <a class="button plain" href={addressAt({ screen, entry, query: { ...filters, cursor: next_cursor } })}>
          {words.list.next}
        </a>
      )}
    </p>
  );
};
