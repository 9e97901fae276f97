/** API keys: made with scopes, shown once, revoked. */
import { useSignal } from '@preact/signals';
import { type ApiKey, deleteApiKey, listApiKeys } from '@souk/contracts';
import type { FunctionComponent } from 'preact';
import { useDesk } from '../../desk.ts';
import { useCommand, useEntity } from '../../live/use-resource.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Pager } from '../../parts/pager.tsx';
import { Secret } from '../../parts/secret.tsx';
import { Table } from '../../parts/table.tsx';
import type { Place } from '../../router.ts';
import { isAdmin } from '../../session.ts';
import { KeyDialog, type MadeKey } from './key-dialog.tsx';

const rowsInPage = 50;

export const ApiKeys: FunctionComponent<{ place: Place }> = ({ place }) => {
  const { words, session } = useDesk();
  const { api_keys: said } = words;
  return (
    <>
      <h1>{words.screens['api-keys']}</h1>
      {isAdmin(session.current.value) ? <KeyList cursor={place.query['cursor']} /> : <p class="notice warn">{said.admins}</p>}
    </>
  );
};

const KeyList: FunctionComponent<{ cursor: string | undefined }> = ({ cursor }) => {
  const { words } = useDesk();
  const { api_keys: said } = words;
  const keys = useEntity(listApiKeys, { query: { limit: rowsInPage, ...(cursor !== undefined && { cursor }) } });
  const isOpen = useSignal(false);
  const made = useSignal<MadeKey | undefined>(undefined);
  return (
    <>
      <p>{said.lead}</p>
      <p>
        <button
          type="button"
          class="button"
          onClick={() => {
            isOpen.value = true;
          }}
        >
          {said.add}
        </button>
      </p>
      <Loaded from={keys}>
        {({ body, next_cursor }) =>
          body.length === 0 ? (
            <p class="empty">{said.empty}</p>
          ) : (
            <>
              <KeyTable keys={body} changed={() => keys.renew()} />
              <Pager next_cursor={next_cursor} />
            </>
          )
        }
      </Loaded>
      {isOpen.value && (
        <KeyDialog
          close={() => {
            isOpen.value = false;
          }}
          done={(key) => {
            made.value = key;
            void keys.renew();
          }}
        />
      )}
      {made.value !== undefined && (
        <Secret
          title={said.made(made.value.name)}
          secret={made.value.key}
          lost={said.lost}
          close={() => {
            made.value = undefined;
          }}
        />
      )}
    </>
  );
};

const KeyTable: FunctionComponent<{ keys: readonly ApiKey[]; changed(): Promise<void> }> = ({ keys, changed }) => {
  const { words, formats } = useDesk();
  const { api_keys: said } = words;
  const open = useSignal<ApiKey | undefined>(undefined);
  const columns = [
    { title: said.name },
    { title: said.scopes },
    { title: said.created },
    { title: said.used },
    { title: said.expires },
    { title: said.revoke },
  ];
  return (
    <>
      <Table name={words.screens['api-keys']} columns={columns}>
        {keys.map((key) => (
          <tr key={key.id}>
            <th scope="row">{key.name}</th>
            <td>
              {key.scopes.map((scope) => (
                <div key={scope}>
                  <code>{scope}</code>
                </div>
              ))}
            </td>
            <td>{formats.moment(key.created_at)}</td>
            <td>{key.last_used_at === null ? said.not_used : formats.moment(key.last_used_at)}</td>
            <td>{key.expires_at === null ? said.never : formats.moment(key.expires_at)}</td>
            <td>
              <button
                type="button"
                class="button plain"
                aria-label={said.revoke_of(key.name)}
                onClick={() => {
                  open.value = key;
                }}
              >
                {said.revoke}
              </button>
            </td>
          </tr>
        ))}
      </Table>
      {open.value !== undefined && (
        <RevokeDialog
          api_key={open.value}
          close={() => {
            open.value = undefined;
          }}
          changed={changed}
        />
      )}
    </>
  );
};

const RevokeDialog: FunctionComponent<{ api_key: ApiKey; close(): void; changed(): Promise<void> }> = ({ api_key, close, changed }) => {
  const { words } = useDesk();
  const { api_keys: said } = words;
  // One that is gone is gone: to revoke it again changes nothing.
  const revoke = useCommand<undefined, unknown>((ask) => ({
    send: () => ask(deleteApiKey, { params: { key_id: api_key.id } }),
    wasDone: async () => !(await ask(listApiKeys, { query: { limit: 100 } })).body.some(({ id }) => id === api_key.id),
  }));
  return (
    <Confirm title={said.revoke_of(api_key.name)} word={said.revoke} is_dangerous of={revoke} close={close} done={changed}>
      <p>{said.revoke_means}</p>
    </Confirm>
  );
};
