/** What an order would cost: goods, a place and codes, priced by the rules of this moment. */
import { useSignal } from '@preact/signals';
import { type Quote, quoteOrder } from '@souk/contracts';
import type { FunctionComponent } from 'preact';
import { useDesk } from '../../desk.ts';
import { faultsOf } from '../../live/faults.ts';
import type { Reply } from '../../live/transport.ts';
import { useCommand } from '../../live/use-resource.ts';
import { CommandNote } from '../../parts/command-note.tsx';
import { CountryField } from '../../parts/country-field.tsx';
import { FaultsContext } from '../../parts/faults-context.ts';
import { Panel } from '../../parts/panel.tsx';
import { SelectField } from '../../parts/select-field.tsx';
import { TextField } from '../../parts/text-field.tsx';
import { useForm } from '../../parts/use-form.ts';
import type { Place } from '../../router.ts';
import { ChosenGoods } from './chosen-goods.tsx';
import { type ChosenProduct, emptyQuote, type QuoteBody, quoteBody } from './quote-body.ts';
import { QuoteShown } from './quote-shown.tsx';

interface Answer {
  readonly quote: Quote;
  readonly at_ms: number;
}

export const Quotes: FunctionComponent<{ place: Place }> = () => {
  const { words, now } = useDesk();
  const { quotes: said } = words;
  const chosen = useSignal<readonly ChosenProduct[]>([]);
  const form = useForm(emptyQuote);
  const answer = useSignal<Answer | undefined>(undefined);
  // It changes nothing: asked again it is the same question.
  const ask = useCommand<QuoteBody, Reply<Quote>>((send) => ({ send: (body) => send(quoteOrder, { body }) }));
  const progress = ask.progress.value;
  const calculate = async (): Promise<void> => {
    const body = form.read((typed) => quoteBody(typed, chosen.value));
    if (body === undefined || chosen.value.length === 0) return;
    answer.value = undefined;
    if (!(await ask.run(body))) return;
    const { value } = ask.progress;
    if (value.state === 'done' && value.result !== undefined) answer.value = { quote: value.result.body, at_ms: now() };
  };
  const faults = form.faults.value.length === 0 ? faultsOf(progress) : form.faults.value;
  return (
    <>
      <h1>{words.screens.quotes}</h1>
      <p>{said.lead}</p>
      <ChosenGoods chosen={chosen} />
      <Panel title={said.to}>
        <form
          class="stack narrow"
          onSubmit={(event) => {
            event.preventDefault();
            void calculate();
          }}
        >
          <FaultsContext.Provider value={faults}>
            <Where typed={form.typed} options={answer.value?.quote.shipping_options ?? []} />
          </FaultsContext.Provider>
          <CommandNote of={ask} />
          <div class="buttons">
            <button type="submit" class="button" disabled={chosen.value.length === 0} aria-busy={progress.state === 'sending'}>
              {said.ask}
            </button>
          </div>
        </form>
      </Panel>
      <div role="status">{answer.value !== undefined && <QuoteShown {...answer.value} />}</div>
    </>
  );
};

type Typed = ReturnType<typeof useForm<keyof typeof emptyQuote>>['typed'];

const Where: FunctionComponent<{ typed: Typed; options: Quote['shipping_options'] }> = ({ typed, options }) => {
  const { quotes: said } = useDesk().words;
  const choose = (name: 'country' | 'method') => (value: string) => {
    typed[name].value = value;
  };
  const methods = options.some(({ code }) => code === typed.method.value)
    ? options
    : [...options, ...(typed.method.value === '' ? [] : [{ code: typed.method.value, name: typed.method.value }])];
  return (
    <>
      <CountryField label={said.country} pointer="/shipping_address/country" value={typed.country.value} choose={choose('country')} />
      <TextField label={said.state} pointer="/shipping_address/state" value={typed.state} />
      <TextField label={said.postal_code} pointer="/shipping_address/postal_code" value={typed.postal_code} />
      <SelectField
        label={said.method}
        pointer="/shipping_method"
        choices={[['', said.cheapest], ...methods.map(({ code, name }) => [code, name] as const)]}
        value={typed.method.value}
        choose={choose('method')}
      />
      <TextField label={said.codes} note={said.codes_note} pointer="/codes" value={typed.codes} />
    </>
  );
};
