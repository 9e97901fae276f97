/** Tax: the countries where it is charged, the rates, and a file of rates. */
import type { FunctionComponent } from 'preact';
import { useDesk } from '../../desk.ts';
import type { Place } from '../../router.ts';
import { TaxCountries } from './tax-countries.tsx';
import { TaxRates } from './tax-rates.tsx';

export const Taxes: FunctionComponent<{ place: Place }> = ({ place }) => {
  const { words } = useDesk();
  return (
    <>
      <h1>{words.screens.taxes}</h1>
      <p>{words.taxes.lead}</p>
      <TaxCountries />
      <TaxRates place={place} />
    </>
  );
};
