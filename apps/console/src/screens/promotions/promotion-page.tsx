/** One promotion: what it says, starting and ending it, and its codes. */
import { changePromotion, getPromotion, type Promotion } from '@souk/contracts';
import type { FunctionComponent } from 'preact';
import { useDesk } from '../../desk.ts';
import { useCommand, useEntity } from '../../live/use-resource.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Opener } from '../../parts/opener.tsx';
import { Panel } from '../../parts/panel.tsx';
import { addressAt, type Place } from '../../router.ts';
import { isEmpty } from './promotion-body.ts';
import { PromotionCodes } from './promotion-codes.tsx';
import { PromotionDialog } from './promotion-dialog.tsx';
import { PromotionStateChip, Used, Worth } from './promotion-parts.tsx';
import { stateOf } from './promotion-state.ts';

const everyMs = 10_000;

export const PromotionPage: FunctionComponent<{ promotion_id: string; place: Place }> = ({ promotion_id, place }) => {
  const { words } = useDesk();
  const { promotions: said } = words;
  const known = useEntity(
    getPromotion,
    { params: { promotion_id } },
    { every_ms: everyMs, isNewer: (before, read) => read.body.version >= before.body.version },
  );
  return (
    <Loaded from={known}>
      {({ body, etag }) => (
        <>
          <header class="page-head">
            <div class="title">
              <h1>{body.label}</h1>
              <PromotionStateChip promotion={body} />
            </div>
            <div class="buttons">
              <Opener word={words.change} label={said.change_of(body.label)} look="button plain">
                {(close) => <PromotionDialog before={body} close={close} done={() => void known.renew()} />}
              </Opener>
              <Switch promotion={body} etag={etag} changed={() => known.renew()} />
              <a class="button plain" href={addressAt({ screen: 'promotions' })}>
                {said.all}
              </a>
            </div>
          </header>
          <Facts promotion={body} />
          {!body.automatic && <PromotionCodes promotion_id={promotion_id} place={place} />}
        </>
      )}
    </Loaded>
  );
};

interface SwitchProps {
  promotion: Promotion;
  etag: string | undefined;
  changed(): Promise<void>;
}

/** Made for the version that is shown. */
const Switch: FunctionComponent<SwitchProps> = ({ promotion, etag, changed }) => {
  const { words, now } = useDesk();
  const { promotions: said } = words;
  const params = { promotion_id: promotion.id };
  const active = !promotion.active;
  if (stateOf(promotion, now()) === 'ended') return null;
  const word = active ? said.start : said.end;
  return (
    <Opener word={word} look={active ? 'button' : 'button plain'}>
      {(close) => (
        <SwitchDialog params={params} active={active} etag={etag} title={`${word}: ${promotion.label}`} close={close} changed={changed} />
      )}
    </Opener>
  );
};

interface SwitchDialogProps {
  params: { promotion_id: string };
  active: boolean;
  etag: string | undefined;
  title: string;
  close(): void;
  changed(): Promise<void>;
}

const SwitchDialog: FunctionComponent<SwitchDialogProps> = ({ params, active, etag, title, close, changed }) => {
  const { promotions: said } = useDesk().words;
  const change = useCommand<undefined, unknown>((ask) => ({
    send: () => ask(changePromotion, { params, body: { active }, ...(etag !== undefined && { if_match: etag }) }),
    wasDone: async () => (await ask(getPromotion, { params })).body.active === active,
  }));
  return (
    <Confirm title={title} word={active ? said.start : said.end} is_dangerous={!active} of={change} close={close} done={changed}>
      <p>{active ? said.start_means : said.end_means}</p>
    </Confirm>
  );
};

const Facts: FunctionComponent<{ promotion: Promotion }> = ({ promotion }) => {
  const { words, formats } = useDesk();
  const { promotions: said } = words;
  const moment = (at: string | null): string => (at === null ? words.none : formats.moment(at));
  return (
    <Panel title={said.facts}>
      <dl class="facts">
        <dt>{said.kind}</dt>
        <dd>{said.kinds[promotion.kind]}</dd>
        <dt>{said.value}</dt>
        <dd>
          <Worth promotion={promotion} />
        </dd>
        <dt>{said.min_subtotal}</dt>
        <dd>{promotion.min_subtotal > 0 ? formats.money(promotion.min_subtotal, promotion.currency ?? '') : words.none}</dd>
        <dt>{said.applies}</dt>
        <dd>
          {promotion.automatic ? said.by_itself : said.by_code}
          {promotion.combinable && `; ${said.combinable}`}
        </dd>
        <Goods title={said.scope} scope={promotion.scope} />
        {promotion.get_scope !== null && <Goods title={said.get_scope} scope={promotion.get_scope} />}
        <dt>{said.priority}</dt>
        <dd>{formats.count(promotion.priority)}</dd>
        <dt>{said.used}</dt>
        <dd>
          <Used used={promotion.used} most={promotion.uses_max} />
        </dd>
        <dt>{said.uses_per_customer}</dt>
        <dd>{promotion.uses_per_customer === null ? words.none : formats.count(promotion.uses_per_customer)}</dd>
        <dt>{said.starts}</dt>
        <dd>{moment(promotion.starts_at)}</dd>
        <dt>{said.ends}</dt>
        <dd>{moment(promotion.ends_at)}</dd>
      </dl>
    </Panel>
  );
};

const Goods: FunctionComponent<{ title: string; scope: Promotion['scope'] }> = ({ title, scope }) => {
  const { promotions: said } = useDesk().words;
  return (
    <>
      <dt>{title}</dt>
      {isEmpty(scope) ? (
        <dd>{said.all_goods}</dd>
      ) : (
        <dd class="stack">
          {scope.products.map((id) => (
            <a key={id} href={addressAt({ screen: 'products', entry: id })}>
              {id}
            </a>
          ))}
          {[...scope.groups, ...scope.categories].map((name) => (
            <span key={name}>{name}</span>
          ))}
        </dd>
      )}
    </>
  );
};
