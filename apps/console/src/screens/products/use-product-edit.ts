/** The fields of a product while they are typed, and saving them for the version that was read. */
import { type Signal, useSignal } from '@preact/signals';
import { changeProduct, getProduct, type Product } from '@souk/contracts';
import { useDesk } from '../../desk.ts';
import { RefusedError } from '../../live/transport.ts';
import { useCommand } from '../../live/use-resource.ts';
import { changedFields, changeOf, type FieldName, fieldNames, fieldsOf, type ProductFields } from './product-fields.ts';

/** What was read, to which the fields are compared. */
export interface ReadProduct {
  readonly product: Product;
  readonly etag: string | undefined;
}

interface Change {
  readonly body: NonNullable<ReturnType<typeof changeOf>>;
  readonly if_match: string | undefined;
}

export function useProductEdit(read: ReadProduct, changed: () => Promise<void>) {
  const { ask } = useDesk();
  const params = { product_id: read.product.id };
  const base = useSignal(read);
  /** What the shop has now, when a change was refused for that. */
  const theirs = useSignal<ReadProduct | undefined>(undefined);
  const before = fieldsOf(base.value.product);
  const fields: Readonly<Record<FieldName, Signal<string>>> = {
    name: useSignal(before.name),
    sku: useSignal(before.sku),
    price: useSignal(before.price),
    category: useSignal(before.category),
    description: useSignal(before.description),
  };
  const after = Object.fromEntries(fieldNames.map((name) => [name, fields[name].value])) as ProductFields;
  const now = async (): Promise<ReadProduct> => {
    const { body: product, etag } = await ask(getProduct, { params });
    return { product, etag };
  };
  const save = useCommand<Change, unknown>(() => ({
    send: async ({ body, if_match }) => {
      try {
        return await ask(changeProduct, { params, body, ...(if_match !== undefined && { if_match }) });
      } catch (error) {
        if (error instanceof RefusedError && error.problem.code === 'precondition_failed') theirs.value = await now();
        throw error;
      }
    },
    wasDone: async ({ body }) => {
      const { product } = await now();
      return Object.entries(body).every(([name, value]) => product[name as FieldName] === value);
    },
  }));
  /** The fields as they are in the shop, with what was typed over those that `isKept` names. */
  const take = (found: ReadProduct, isKept: (name: FieldName) => boolean): void => {
    const shown = fieldsOf(found.product);
    for (const name of fieldNames) if (!isKept(name)) fields[name].value = shown[name];
    base.value = found;
    theirs.value = undefined;
    save.reset();
  };
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const body = changeOf(before, after);
    if (body === undefined || changedFields(before, after).length === 0) return;
    if (!(await save.run({ body, if_match: base.value.etag }))) return;
    take(await now(), () => false);
    await changed();
  };
  return { fields, before, after, base, theirs, save, take, submit };
}
