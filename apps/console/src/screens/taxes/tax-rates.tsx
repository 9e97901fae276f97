/** Rates of tax: found by country, added, changed, ended at a moment, deleted, and read from a file. */
import { listTaxRates, type TaxRate } from '@souk/contracts';
import type { FunctionComponent } from 'preact';
import { useDesk } from '../../desk.ts';
import { pageOf } from '../../live/page-of.ts';
import { useEntity } from '../../live/use-resource.ts';
import { Filter } from '../../parts/filter.tsx';
import { List } from '../../parts/list.tsx';
import { Opener } from '../../parts/opener.tsx';
import { Panel } from '../../parts/panel.tsx';
import type { Place } from '../../router.ts';
import { DeleteRate, EndRate } from './end-rate.tsx';
import { RateDialog } from './rate-dialog.tsx';
import { RateFile } from './rate-file.tsx';

export const TaxRates: FunctionComponent<{ place: Place }> = ({ place }) => {
  const { words, formats } = useDesk();
  const { taxes: said } = words;
  const country = formats.countries().find(({ code }) => code === place.query['country'])?.code;
  const rates = useEntity(listTaxRates, { query: { ...pageOf(place), ...(country !== undefined && { country }) } });
  const changed = (): Promise<void> => rates.renew();
  const moment = (at: string | null): string => (at === null ? words.none : formats.moment(at));
  const columns = [
    { title: said.place, cell: (rate: TaxRate) => placeOf(rate, formats.country(rate.country)) },
    { title: said.name, cell: ({ name }: TaxRate) => name },
    { title: said.tax_class, cell: ({ tax_class }: TaxRate) => tax_class },
    { title: said.percent, is_number: true, cell: ({ rate_percent }: TaxRate) => said.percentage(rate_percent) },
    { title: said.from, cell: ({ valid_from }: TaxRate) => moment(valid_from) },
    { title: said.until, cell: ({ valid_until }: TaxRate) => moment(valid_until) },
    { title: words.list.actions, cell: (rate: TaxRate) => <RateActions rate={rate} changed={changed} /> },
  ];
  const add = (
    <div class="buttons">
      <Opener word={said.add_rate}>{(close) => <RateDialog country={country ?? ''} close={close} changed={changed} />}</Opener>
      <Opener word={said.file} look="button plain">
        {(close) => <RateFile close={close} changed={changed} />}
      </Opener>
    </div>
  );
  return (
    <Panel title={said.rates} aside={add}>
      <Filter
        label={said.country}
        name="country"
        choices={[['', said.every_country], ...formats.countries().map(({ code, name }) => [code, name] as const)]}
        value={country ?? ''}
      />
      <List
        name={said.rates}
        from={rates}
        columns={columns}
        keyOf={({ id }) => id}
        empty={country === undefined ? said.no_rates : said.no_rates_of(formats.country(country))}
      />
    </Panel>
  );
};

function placeOf({ region, postal_prefix }: TaxRate, country: string): string {
  return [country, region, postal_prefix].filter((part) => part !== null).join(', ');
}

const RateActions: FunctionComponent<{ rate: TaxRate; changed(): Promise<void> }> = ({ rate, changed }) => {
  const { words, formats } = useDesk();
  const { taxes: said } = words;
  const name = said.rate_name(rate.name, said.percentage(rate.rate_percent), placeOf(rate, formats.country(rate.country)));
  return (
    <div class="buttons">
      <Opener word={words.change} label={said.change_of(name)} look="button plain">
        {(close) => <RateDialog before={rate} country={rate.country} close={close} changed={changed} />}
      </Opener>
      <Opener word={said.end} label={said.end_of(name)} look="button plain">
        {(close) => <EndRate rate={rate} title={said.end_of(name)} close={close} changed={changed} />}
      </Opener>
      <Opener word={words.delete} label={said.delete_of(name)} look="button plain">
        {(close) => <DeleteRate rate={rate} title={said.delete_of(name)} close={close} changed={changed} />}
      </Opener>
    </div>
  );
};
