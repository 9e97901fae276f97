/** Promotions: the list, making one, and one with its codes. */
import { listPromotions, type Promotion } from '@souk/contracts';
import type { FunctionComponent } from 'preact';
import { useDesk } from '../../desk.ts';
import { pageOf } from '../../live/page-of.ts';
import { useEntity } from '../../live/use-resource.ts';
import { List } from '../../parts/list.tsx';
import { Opener } from '../../parts/opener.tsx';
import { addressAt, type Place } from '../../router.ts';
import { PromotionDialog } from './promotion-dialog.tsx';
import { PromotionPage } from './promotion-page.tsx';
import { PromotionStateChip, Used, Worth } from './promotion-parts.tsx';

export const Promotions: FunctionComponent<{ place: Place }> = ({ place }) =>
  place.entry === undefined ? (
    <PromotionList place={place} />
  ) : (
    <PromotionPage key={place.entry} promotion_id={place.entry} place={place} />
  );

const PromotionList: FunctionComponent<{ place: Place }> = ({ place }) => {
  const { words, formats, router } = useDesk();
  const { promotions: said } = words;
  const page = useEntity(listPromotions, { query: pageOf(place) });
  const columns = [
    {
      title: said.label,
      cell: ({ id, label }: Promotion) => <a href={addressAt({ screen: 'promotions', entry: id })}>{label}</a>,
    },
    { title: said.state, cell: (promotion: Promotion) => <PromotionStateChip promotion={promotion} /> },
    { title: said.kind, cell: ({ kind }: Promotion) => said.kinds[kind] },
    { title: said.value, cell: (promotion: Promotion) => <Worth promotion={promotion} /> },
    { title: said.applies, cell: ({ automatic }: Promotion) => (automatic ? said.by_itself : said.by_code) },
    { title: said.used, is_number: true, cell: ({ used, uses_max }: Promotion) => <Used used={used} most={uses_max} /> },
    { title: said.ends, cell: ({ ends_at }: Promotion) => (ends_at === null ? words.none : formats.moment(ends_at)) },
  ];
  return (
    <>
      <header class="page-head">
        <h1>{words.screens.promotions}</h1>
        <Opener word={said.add}>
          {(close) => <PromotionDialog close={close} done={(made) => router.go(addressAt({ screen: 'promotions', entry: made?.id }))} />}
        </Opener>
      </header>
      <List name={words.screens.promotions} from={page} columns={columns} keyOf={({ id }) => id} empty={said.empty} />
    </>
  );
};
