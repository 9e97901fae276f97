import { useSignal } from '@preact/signals';
import { type BodyOf, createApiKey, listApiKeys } from '@souk/contracts';
import type { FunctionComponent } from 'preact';
import { useDesk } from '../../desk.ts';
import { useCommand } from '../../live/use-resource.ts';
import { Checks } from '../../parts/checks.tsx';
import { CommandForm } from '../../parts/command-form.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { momentOf } from '../../parts/moment.ts';
import { MomentField } from '../../parts/moment-field.tsx';
import { TextField } from '../../parts/text-field.tsx';

export interface MadeKey {
  readonly name: string;
  /** Undefined when the answer was lost. */
  readonly key: string | undefined;
}

type Given = BodyOf<typeof createApiKey>;

/** Names are not unique: a key that was made since counts. */
export const KeyDialog: FunctionComponent<{ close(): void; done(key: MadeKey): void }> = ({ close, done }) => {
  const { words, now } = useDesk();
  const { api_keys: said } = words;
  const opened_ms = useSignal(now());
  const name = useSignal('');
  const expires = useSignal('');
  const scopes = useSignal<ReadonlySet<string>>(new Set());
  const create = useCommand<Given, { body: { key: string } }>((ask) => ({
    send: (body) => ask(createApiKey, { body }),
    wasDone: async (body) =>
      (await ask(listApiKeys, { query: { limit: 100 } })).body.some(
        (key) => key.name === body.name && Date.parse(key.created_at) >= opened_ms.value,
      ),
  }));
  return (
    <Dialog title={said.add} close={close}>
      <CommandForm
        of={create}
        word={said.add}
        close={close}
        send={async () => {
          const expires_at = momentOf(expires.value);
          const body: Given = {
            name: name.value.trim(),
            scopes: [...scopes.value] as Given['scopes'],
            ...(expires_at !== undefined && { expires_at }),
          };
          if (!(await create.run(body))) return;
          const { value } = create.progress;
          close();
          done({ name: body.name, key: value.state === 'done' ? value.result?.body.key : undefined });
        }}
      >
        <TextField label={said.name} value={name} is_required />
        <Checks legend={said.scopes} choices={said.may} chosen={scopes} has_names />
        <MomentField label={said.expires} note={said.expires_note} value={expires} />
      </CommandForm>
    </Dialog>
  );
};
