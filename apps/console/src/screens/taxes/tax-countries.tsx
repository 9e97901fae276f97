/** The countries where tax is charged, and whether prices hold it there. */
import { useSignal } from '@preact/signals';
import { deleteTaxCountry, listTaxCountries, putTaxCountry, type TaxCountry } from '@souk/contracts';
import type { FunctionComponent } from 'preact';
import { useDesk } from '../../desk.ts';
import type { Ask } from '../../live/transport.ts';
import { useCommand, useEntity } from '../../live/use-resource.ts';
import { versionTag } from '../../live/version-tag.ts';
import { CommandForm } from '../../parts/command-form.tsx';
import { Confirm } from '../../parts/confirm.tsx';
import { CountryField } from '../../parts/country-field.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { List } from '../../parts/list.tsx';
import { Opener } from '../../parts/opener.tsx';
import { Panel } from '../../parts/panel.tsx';
import { SelectField } from '../../parts/select-field.tsx';
import { useForm } from '../../parts/use-form.ts';

interface Changing {
  close(): void;
  changed(): Promise<void>;
}

async function countryNow(ask: Ask, code: string): Promise<TaxCountry | undefined> {
  return (await ask(listTaxCountries)).body.find(({ country }) => country === code);
}

export const TaxCountries: FunctionComponent = () => {
  const { words, formats } = useDesk();
  const { taxes: said } = words;
  const countries = useEntity(listTaxCountries, {});
  const changed = (): Promise<void> => countries.renew();
  const columns = [
    { title: said.country, cell: ({ country }: TaxCountry) => formats.country(country) },
    { title: said.prices, cell: ({ included }: TaxCountry) => (included ? said.included : said.added) },
    {
      title: words.list.actions,
      cell: (country: TaxCountry) => (
        <div class="buttons">
          <Opener word={words.change} label={said.change_of(formats.country(country.country))} look="button plain">
            {(close) => <CountryDialog before={country} close={close} changed={changed} />}
          </Opener>
          <Opener word={said.stop} label={said.stop_of(formats.country(country.country))} look="button plain">
            {(close) => <StopDialog country={country} close={close} changed={changed} />}
          </Opener>
        </div>
      ),
    },
  ];
  const add = <Opener word={said.add_country}>{(close) => <CountryDialog close={close} changed={changed} />}</Opener>;
  return (
    <Panel title={said.countries} aside={add}>
      <List name={said.countries} from={countries} columns={columns} keyOf={({ country }) => country} empty={said.no_countries} />
    </Panel>
  );
};

/** Of a country that is there only whether its prices hold the tax is changed. */
const CountryDialog: FunctionComponent<Changing & { before?: TaxCountry }> = ({ before, close, changed }) => {
  const { words, formats } = useDesk();
  const { taxes: said } = words;
  const form = useForm({ country: before?.country ?? '' });
  const included = useSignal(before?.included ?? true);
  const put = useCommand<{ country: string; included: boolean }, unknown>((ask) => ({
    send: ({ country, ...body }) =>
      ask(putTaxCountry, { params: { country }, body, ...(before !== undefined && { if_match: versionTag(before) }) }),
    wasDone: async (given) => {
      const now = await countryNow(ask, given.country);
      return now !== undefined && now.version > (before?.version ?? 0) && now.included === given.included;
    },
  }));
  const word = before === undefined ? said.add_country : words.save;
  return (
    <Dialog title={before === undefined ? said.add_country : formats.country(before.country)} close={close}>
      <CommandForm
        of={put}
        faults={form.faults.value}
        word={word}
        close={close}
        send={async () => {
          const country = form.read((typed) => typed.text('country'));
          if (country === undefined || !(await put.run({ country, included: included.value }))) return;
          close();
          await changed();
        }}
      >
        {before === undefined && (
          <CountryField
            label={said.country}
            pointer="/country"
            value={form.typed.country.value}
            choose={(country) => {
              form.typed.country.value = country;
            }}
          />
        )}
        <SelectField
          label={said.prices}
          pointer="/included"
          choices={[
            ['included', said.included],
            ['added', said.added],
          ]}
          value={included.value ? 'included' : 'added'}
          choose={(chosen) => {
            included.value = chosen === 'included';
          }}
        />
      </CommandForm>
    </Dialog>
  );
};

const StopDialog: FunctionComponent<Changing & { country: TaxCountry }> = ({ country, close, changed }) => {
  const { words, formats } = useDesk();
  const { taxes: said } = words;
  const stop = useCommand<undefined, unknown>((ask) => ({
    send: () => ask(deleteTaxCountry, { params: { country: country.country }, if_match: versionTag(country) }),
    wasDone: async () => (await countryNow(ask, country.country)) === undefined,
  }));
  return (
    <Confirm title={said.stop_of(formats.country(country.country))} word={said.stop} is_dangerous of={stop} close={close} done={changed}>
      <p>{said.stop_means}</p>
    </Confirm>
  );
};
