/** Promotions: the list, making one, and one with its codes. */
import { useSignal } from '@preact/signals';
import { listPromotions, type Promotion } from '@souk/contracts';
import type { FunctionComponent } from 'preact';
import { useDesk } from '../../desk.ts';
import { useEntity } from '../../live/use-resource.ts';
import { Loaded } from '../../parts/loaded.tsx';
import { Pager } from '../../parts/pager.tsx';
import { Table } from '../../parts/table.tsx';
import { addressAt, type Place } from '../../router.ts';
import { PromotionDialog } from './promotion-dialog.tsx';
import { PromotionPage } from './promotion-page.tsx';
import { PromotionStateChip, Used, Worth } from './promotion-parts.tsx';

const rowsInPage = 50;

export const Promotions: FunctionComponent<{ place: Place }> = ({ place }) =>
  place.entry === undefined ? (
    <PromotionList cursor={place.query['cursor']} />
  ) : (
    <PromotionPage key={place.entry} promotion_id={place.entry} cursor={place.query['cursor']} />
  );

const PromotionList: FunctionComponent<{ cursor: string | undefined }> = ({ cursor }) => {
  const { words } = useDesk();
  const { promotions: said } = words;
  const page = useEntity(listPromotions, { query: { limit: rowsInPage, ...(cursor !== undefined && { cursor }) } });
  const isOpen = useSignal(false);
  return (
    <>
      <header class="page-head">
        <h1>{words.screens.promotions}</h1>
        <button
          type="button"
          class="button"
          onClick={() => {
            isOpen.value = true;
          }}
        >
          {said.add}
        </button>
      </header>
      <Loaded from={page}>
        {({ body, next_cursor }) =>
          body.length === 0 ? (
            <p class="empty">{said.empty}</p>
          ) : (
            <>
              <PromotionTable promotions={body} />
              <Pager next_cursor={next_cursor} />
            </>
          )
        }
      </Loaded>
      {isOpen.value && (
        <PromotionDialog
          close={() => {
            isOpen.value = false;
          }}
        />
      )}
    </>
  );
};

const PromotionTable: FunctionComponent<{ promotions: readonly Promotion[] }> = ({ promotions }) => {
  const { words, formats } = useDesk();
  const { promotions: said } = words;
  const columns = [
    { title: said.label },
    { title: said.state },
    { title: said.kind },
    { title: said.value },
    { title: said.applies },
    { title: said.used, is_number: true },
    { title: said.ends },
  ];
  return (
    <Table name={words.screens.promotions} columns={columns}>
      {promotions.map((promotion) => (
        <tr key={promotion.id}>
          <th scope="row">
            <a href={addressAt({ screen: 'promotions', entry: promotion.id })}>{promotion.label}</a>
          </th>
          <td>
            <PromotionStateChip promotion={promotion} />
          </td>
          <td>{said.kinds[promotion.kind]}</td>
          <td>
            <Worth promotion={promotion} />
          </td>
          <td>{promotion.automatic ? said.by_itself : said.by_code}</td>
          <td class="number">
            <Used used={promotion.used} most={promotion.uses_max} />
          </td>
          <td>{promotion.ends_at === null ? words.none : formats.moment(promotion.ends_at)}</td>
        </tr>
      ))}
    </Table>
  );
};
