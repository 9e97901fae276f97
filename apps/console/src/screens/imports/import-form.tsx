import { useSignal } from '@preact/signals';
import { type ProductImport, startImport } from '@souk/contracts';
import type { FunctionComponent } from 'preact';
import { useDesk } from '../../desk.ts';
import { type Reply, UnansweredError } from '../../live/transport.ts';
import { useCommand } from '../../live/use-resource.ts';
import { Checks } from '../../parts/checks.tsx';
import { CommandNote } from '../../parts/command-note.tsx';
import { FileField } from '../../parts/file-field.tsx';
import { SelectField } from '../../parts/select-field.tsx';
import { addressAt } from '../../router.ts';

type StockMode = ProductImport['stock'];

interface Given {
  readonly content: Blob;
  readonly stock: StockMode;
  readonly isTried: boolean;
  readonly ignoresUnknown: boolean;
}

export const ImportForm: FunctionComponent = () => {
  const { words, router } = useDesk();
  const { imports: said } = words;
  const file = useSignal<File | undefined>(undefined);
  const stock = useSignal<StockMode>('ignore');
  const chosen = useSignal<ReadonlySet<string>>(new Set(['try']));
  const start = useCommand<Given, Reply<ProductImport>>((ask) => ({
    async send({ content, stock: mode, isTried, ignoresUnknown }) {
      const query = { stock: mode, ...(isTried && { dry_run: '1' as const }), ...(ignoresUnknown && { ignore_unknown_columns: true }) };
      try {
        return await ask(startImport, { query, file: { content, type: 'text/csv' } });
      } catch (error) {
        // Sent again it may be a second import, which adds its quantities once more.
        if (error instanceof UnansweredError) throw new Error(said.not_known, { cause: error });
        throw error;
      }
    },
  }));
  const isTried = chosen.value.has('try');
  const { state } = start.progress.value;
  const send = async (): Promise<void> => {
    if (file.value === undefined) return;
    const given = { content: file.value, stock: stock.value, isTried, ignoresUnknown: chosen.value.has('ignore') };
    if (!(await start.run(given))) return;
    const { value } = start.progress;
    if (value.state === 'done') router.go(addressAt({ screen: 'imports', entry: value.result?.body.id }));
  };
  return (
    <>
      <h1>{words.screens.imports}</h1>
      <p>{said.lead}</p>
      <form
        class="stack narrow"
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <FileField label={said.file} note={said.file_note} file={file} />
        <SelectField
          label={said.stock}
          choices={Object.entries(said.stocks)}
          value={stock.value}
          choose={(mode) => {
            stock.value = mode as StockMode;
          }}
        />
        <Checks legend={said.start} choices={{ try: said.try, ignore: said.ignore_unknown }} chosen={chosen} />
        <CommandNote of={start} />
        <div class="buttons">
          <button type="submit" class="button" aria-busy={state === 'sending' || state === 'asking'}>
            {isTried ? said.try : said.start}
          </button>
        </div>
      </form>
    </>
  );
};
