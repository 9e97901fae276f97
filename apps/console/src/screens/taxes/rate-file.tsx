/** Reads rates of tax from a CSV file: all of them, or none and what is wrong with it. */
import { useSignal } from '@preact/signals';
import { importTaxRates, type TaxRatesReport } from '@souk/contracts';
import type { FunctionComponent } from 'preact';
import { useDesk } from '../../desk.ts';
import type { Reply } from '../../live/transport.ts';
import { useCommand } from '../../live/use-resource.ts';
import { CommandForm } from '../../parts/command-form.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { FileField } from '../../parts/file-field.tsx';
import { Rows } from '../../parts/list.tsx';
import { apiLanguage } from '../../words/api-language.ts';

type Refusal = TaxRatesReport['refusals'][number];

export const RateFile: FunctionComponent<{ close(): void; changed(): Promise<void> }> = ({ close, changed }) => {
  const { taxes: said } = useDesk().words;
  const file = useSignal<File | undefined>(undefined);
  // What is there already is left alone: sent again it changes nothing, and is counted as unchanged.
  const read = useCommand<Blob, Reply<TaxRatesReport>>((ask) => ({
    send: (content) => ask(importTaxRates, { file: { content, type: 'text/csv' } }),
  }));
  const progress = read.progress.value;
  const report = progress.state === 'done' ? progress.result?.body : undefined;
  return (
    <Dialog title={said.file} close={close}>
      <CommandForm
        of={read}
        word={said.read}
        close={close}
        send={async () => {
          if (file.value !== undefined && (await read.run(file.value))) await changed();
        }}
      >
        <p>{said.file_lead}</p>
        <FileField label={said.csv} note={said.csv_note} file={file} />
        <div role="status">{report !== undefined && <Report report={report} />}</div>
      </CommandForm>
    </Dialog>
  );
};

const Report: FunctionComponent<{ report: TaxRatesReport }> = ({ report: { rows, imported, unchanged, refusals } }) => {
  const { words, formats } = useDesk();
  const { taxes: said } = words;
  if (refusals.length === 0)
    return <p class="notice">{said.was_read(formats.count(rows), formats.count(imported), formats.count(unchanged))}</p>;
  const columns = [
    { title: said.line, is_number: true, cell: ({ line }: Refusal) => formats.count(line) },
    { title: said.reason, cell: ({ reason }: Refusal) => <span lang={apiLanguage}>{reason}</span> },
  ];
  return (
    <>
      <p class="notice warn">{said.none_read(formats.count(rows))}</p>
      <Rows name={said.refused} entries={refusals} columns={columns} keyOf={({ line }) => String(line)} empty="" />
    </>
  );
};
