export { type CountryName, formatCountry, listCountries } from './format/country.ts';
export { formatMoment } from './format/date.ts';
export { formatMoney } from './format/money.ts';
export { formatCount, formatDecimal, formatPlural, type PluralForms } from './format/number.ts';
export { Html, html, isAddress, type Part, structuredData } from './html.ts';
export { type Catalogue, type Language, preferredLanguage } from './words.ts';
