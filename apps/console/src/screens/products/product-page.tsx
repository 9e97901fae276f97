/** One product and its fields. A change is made for the version that was read; when there is another by now, both values are shown. */
import { getProduct } from '@souk/contracts';
import type { FunctionComponent } from 'preact';
import { useEffect } from 'preact/hooks';
import { useDesk } from '../../desk.ts';
import { useEntity } from '../../live/use-resource.ts';
import { CommandNote } from '../../parts/command-note.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Panel } from '../../parts/panel.tsx';
import { TextField } from '../../parts/text-field.tsx';
import { Conflict } from './conflict.tsx';
import { changedFields, changeOf, fieldsOf } from './product-fields.ts';
import { type ReadProduct, useProductEdit } from './use-product-edit.ts';

const nameMax = 200;

export const ProductPage: FunctionComponent<{ product_id: string }> = ({ product_id }) => {
  const { formats } = useDesk();
  const product = useEntity(getProduct, { params: { product_id } });
  return (
    <Loaded from={product}>
      {({ body, etag }) => (
        <>
          <header class="page-head">
            <div>
              <h1>{body.name}</h1>
              <p class="quiet">
                {body.sku} · {formats.money(body.price, body.currency)}
              </p>
            </div>
            <a href={`/p/${body.id}`} target="_blank" rel="noreferrer">
              <InShop />
            </a>
          </header>
          <ProductForm read={{ product: body, etag }} changed={() => product.renew()} />
        </>
      )}
    </Loaded>
  );
};

const InShop: FunctionComponent = () => <>{useDesk().words.products.in_shop}</>;

const ProductForm: FunctionComponent<{ read: ReadProduct; changed(): Promise<void> }> = ({ read, changed }) => {
  const { words, router } = useDesk();
  const { products: said } = words;
  const { fields, before, after, base, theirs, save, take, submit } = useProductEdit(read, changed);
  const changes = changedFields(before, after);
  useEffect(() => router.guard(() => (changes.length > 0 ? said.unsaved(changes.length) : undefined)), [changes.length]);
  const found = theirs.value;
  return (
    <form onSubmit={(event) => void submit(event)}>
      <Panel title={said.fields}>
        {found !== undefined && (
          <Conflict
            mine={after}
            theirs={fieldsOf(found.product)}
            before={before}
            choose={(kept) => take(found, (name) => kept.has(name))}
          />
        )}
        <TextField label={said.name} value={fields.name} is_required length_max={nameMax} />
        <TextField label={said.sku} value={fields.sku} is_required />
        <TextField
          label={`${words.orders.price} (${base.value.product.currency})`}
          value={fields.price}
          is_required
          is_invalid={changeOf(before, after) === undefined}
          input_mode="decimal"
        />
        <TextField label={said.category} value={fields.category} length_max={nameMax} />
        <TextField label={said.description} value={fields.description} lines={5} />
        {changes.length > 0 && found === undefined && (
          <div class="save-bar">
            <p>{said.unsaved(changes.length)}</p>
            <button type="button" class="button plain" onClick={() => take(base.value, () => false)}>
              {said.discard}
            </button>
            <button type="submit" class="button">
              {said.save}
            </button>
          </div>
        )}
        {found === undefined && <CommandNote of={save} />}
      </Panel>
    </form>
  );
};
