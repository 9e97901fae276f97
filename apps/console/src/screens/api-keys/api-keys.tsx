/** API keys: made with scopes, shown once, revoked. */
import { useSignal } from '@preact/signals';
import { type ApiKey, deleteApiKey, listApiKeys } from '@souk/contracts';
import type { FunctionComponent } from 'preact';
import { useDesk } from '../../desk.ts';
import { pageOf } from '../../live/page-of.ts';
import { useCommand, useEntity } from '../../live/use-resource.ts';
import { AdminsOnly } from '../../parts/admins-only.tsx';
import { Confirm } from '../../parts/confirm.tsx';
import { List } from '../../parts/list.tsx';
import { Opener } from '../../parts/opener.tsx';
import { Secret } from '../../parts/secret.tsx';
import type { Place } from '../../router.ts';
import { KeyDialog, type MadeKey } from './key-dialog.tsx';

export const ApiKeys: FunctionComponent<{ place: Place }> = ({ place }) => {
  const { words } = useDesk();
  return (
    <AdminsOnly title={words.screens['api-keys']} otherwise={words.api_keys.admins}>
      <KeyList place={place} />
    </AdminsOnly>
  );
};

const KeyList: FunctionComponent<{ place: Place }> = ({ place }) => {
  const { words, formats } = useDesk();
  const { api_keys: said } = words;
  const keys = useEntity(listApiKeys, { query: pageOf(place) });
  const made = useSignal<MadeKey | undefined>(undefined);
  const columns = [
    { title: said.name, cell: ({ name }: ApiKey) => name },
    { title: said.scopes, cell: ({ scopes }: ApiKey) => <Scopes of={scopes} /> },
    { title: said.created, cell: ({ created_at }: ApiKey) => formats.moment(created_at) },
    { title: said.used, cell: ({ last_used_at }: ApiKey) => (last_used_at === null ? said.not_used : formats.moment(last_used_at)) },
    { title: said.expires, cell: ({ expires_at }: ApiKey) => (expires_at === null ? said.never : formats.moment(expires_at)) },
    { title: said.revoke, cell: (key: ApiKey) => <Revoke api_key={key} changed={() => keys.renew()} /> },
  ];
  return (
    <>
      <p>{said.lead}</p>
      <p>
        <Opener word={said.add}>
          {(close) => (
            <KeyDialog
              close={close}
              done={(key) => {
                made.value = key;
                void keys.renew();
              }}
            />
          )}
        </Opener>
      </p>
      <List name={words.screens['api-keys']} from={keys} columns={columns} keyOf={({ id }) => id} empty={said.empty} />
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

const Scopes: FunctionComponent<{ of: readonly string[] }> = ({ of }) => (
  <>
    {of.map((scope) => (
      <div key={scope}>
        <code>{scope}</code>
      </div>
    ))}
  </>
);

const Revoke: FunctionComponent<{ api_key: ApiKey; changed(): Promise<void> }> = ({ api_key, changed }) => {
  const { api_keys: said } = useDesk().words;
  return (
    <Opener word={said.revoke} label={said.revoke_of(api_key.name)} look="button plain">
      {(close) => <RevokeDialog api_key={api_key} close={close} changed={changed} />}
    </Opener>
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
