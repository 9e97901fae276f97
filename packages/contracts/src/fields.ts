/**
 * The glossary: each field of the system defined once, with its meaning. A noun that is not here is not in the
 * language. Amounts are decimal numbers of major units here, because these are the shapes of the wire.
 */
import { amountMinorMax } from '@souk/kernel';
import Type, { type TSchema } from 'typebox';
import { attributeKey } from './attribute-key.ts';
import { type Scope, scopeNames } from './scopes.ts';
import { webhookEventTypes } from './webhook-event-types.ts';

const uuid = '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$';
/** Control characters have no place in names and sentences; line breaks are allowed where texts are long. */
const oneLine = '^[^\\u0000-\\u001f\\u007f]*$';
const manyLines = '^[^\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f]*$';

/** No blanks, control characters, brackets, quotation marks or backslashes (which browsers read as slashes), nothing invisible. */
const urlText = '[^\\s\\\\<>"`\\u0000-\\u001f\\u007f-\\u009f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\ufeff]';
const host =
  '(?:[^\\s\\\\<>"`/?#@:%\\u0000-\\u001f\\u007f-\\u009f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\ufeff]+|\\[[0-9A-Fa-f:.]+\\])';
/**
 * An http(s) URL, or a path. A path must not begin like the address of another host, encoded or not (`//evil`, `/%2fevil`,
 * `/\\evil`), nor with a dot; encoded control characters are refused everywhere.
 */
const imageUrl = `^(?!.*%(?:[01][0-9A-Fa-f]|7[Ff]))(?:https?://${host}(?::[0-9]{1,5})?(?:[/?#]${urlText}*)?|/(?:(?!/|%2[Ff]|%5[Cc]|\\.)${urlText}*))$`;

const id = (description: string) => Type.String({ pattern: uuid, description });
const line = (description: string, most: number, least = 1) =>
  Type.String({ minLength: least, maxLength: most, pattern: oneLine, description });
const text = (description: string, most: number) => Type.String({ maxLength: most, pattern: manyLines, description });

export const UserId = id('A customer, staff member or administrator.');
export const SessionId = id('A sign-in that goes on.');
export const ProductId = id('A thing that is sold; each variant is a product of its own.');
export const OrderId = id('An order.');
export const PaymentId = id('A payment of one order.');
export const ParcelId = id('A parcel of one order.');
export const ReturnId = id('Goods of one order that a customer sends back.');
export const RefundId = id('Money given back from one payment.');
export const DisputeId = id("A dispute about one payment, opened by a customer's bank.");
export const NotificationId = id('A message to a person.');
export const MovementId = id('One line of the stock ledger.');
export const EventId = id('An event; never changes, whatever is retried.');
export const AddressId = id('An address in the address book of a person.');
export const ApiKeyId = id('An API key; no secret.');
export const WebhookId = id('An address outside the shop to which events are posted.');
export const CorrelationId = id('Everything that happened because of one request.');
export const ImportId = id('An import of a product file.');
export const GroupId = id('What the variants of one thing have in common.');
export const TaxRateId = id('A rate of tax at one place, for one class, in one time.');
export const ShippingZoneId = id('Where some methods of shipping are offered.');
export const ShippingMethodId = id('A way to send goods to a zone.');
export const PromotionId = id('A reason to pay less.');

export const Timestamp = Type.String({
  pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,6})?Z$',
  description: 'RFC 3339 in UTC.',
});
/** What a request may say: the format is checked as well, so that a day that does not exist never comes to a database. */
export const GivenTimestamp = Type.String({ ...Timestamp, format: 'date-time' });
export const Version = Type.Integer({ minimum: 1, description: 'Grows by one with each change of the resource.' });
export const CartVersion = Type.Integer({
  minimum: 0,
  maximum: Number.MAX_SAFE_INTEGER,
  description: 'Grows with each change of a cart and is never used again, for whichever cart; 0 before the first.',
});
export const Currency = Type.String({ pattern: '^[A-Z]{3}$', description: 'ISO 4217 code.' });
export const Amount = Type.Number({ minimum: 0, maximum: amountMinorMax, description: 'Decimal number of major units, exact.' });
export const PositiveAmount = Type.Number({
  exclusiveMinimum: 0,
  maximum: amountMinorMax,
  description: 'Decimal number of major units above zero.',
});
export const Quantity = Type.Integer({ minimum: 1, maximum: 10_000, description: 'Pieces of one product in an order.' });
export const StockQuantity = Type.Integer({ minimum: 0, maximum: 1_000_000_000, description: 'Pieces in stock.' });
export const QuantityChange = Type.Integer({
  minimum: -1_000_000_000,
  maximum: 1_000_000_000,
  description: 'Pieces that came (above zero) or went.',
});

export const Username = Type.String({
  pattern: '^[A-Za-z0-9](?:[A-Za-z0-9._-]{1,38})[A-Za-z0-9]$',
  description: '3 to 40 letters, digits, dots, dashes or underscores.',
});
export const Email = Type.String({
  maxLength: 254,
  pattern:
    '^[^\\s@<>"\\u0000-\\u001f\\u007f]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)+$',
  description: 'Address of a mailbox.',
});
/** Dot-atom of RFC 5322, section 3.2.3: no quotes, comments, routes, groups or lists, so an address names one mailbox. */
const atext = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
/** A label of a domain name (RFC 1123), or of an internationalised one (RFC 5890). */
const domainLabel = '[\\p{L}\\p{M}\\p{N}](?:-*[\\p{L}\\p{M}\\p{N}])*';
/** Stricter than what events and older accounts may hold. */
export const GivenEmail = Type.String({
  maxLength: 254,
  pattern: `^(?=[^@]{1,64}@)${atext}(?:\\.${atext})*@${domainLabel}(?:\\.${domainLabel})+$`,
  description: 'Address of one mailbox: a dot-atom of RFC 5322, and a domain name that may be internationalised.',
});
export const FullName = line('How a person is called.', 120);
export const Phone = Type.String({
  pattern: '^\\+[1-9][0-9]{6,14}$',
  description: 'Telephone number in international form (E.164), such as +351211234567.',
});
export const Password = Type.String({ minLength: 10, maxLength: 200, description: 'At least 10 characters.' });
export const ApiKeyName = line('What the key is for, in words of its creator.', 100);
export const ApiKeyScope = Type.Unsafe<Scope>(
  Type.Union(
    scopeNames.map((name) => Type.Literal(name)),
    { description: 'What an API key may do.' },
  ),
);
export const AccountKind = Type.Union([Type.Literal('registered'), Type.Literal('guest')], {
  description: 'Whether the account can be signed in to, or belongs to a guest.',
});
export const WebhookEventType = Type.Unsafe<(typeof webhookEventTypes)[number]>(
  Type.Union(
    webhookEventTypes.map((name) => Type.Literal(name)),
    { description: 'Type of an event that is posted.' },
  ),
);
export const WebhookUrl = Type.String({
  minLength: 1,
  maxLength: 2_000,
  pattern: `^https?://${urlText}+$`,
  text_form: 'verbatim',
  description: 'Where events are posted: https, with a public name; no IP address, user name or password.',
});
export const WebhookDescription = line('What the webhook is for.', 200, 0);
export const WebhookSecret = Type.String({
  pattern: '^whsec_[A-Za-z0-9+/]{43}=$',
  description: 'Shown here and never again: the base64 behind whsec_ is the key of the signatures.',
});
export const Role = Type.Union([Type.Literal('customer'), Type.Literal('staff'), Type.Literal('admin')], {
  description: 'What a person may do.',
});

/** `text_form: 'code'`: the edge compares and keeps SKUs without what cannot be seen in them. */
export const Sku = Type.String({
  minLength: 1,
  maxLength: 120,
  pattern: oneLine,
  text_form: 'code',
  description: 'Stock keeping unit: the short name of a product, unique in the shop.',
});
export const ProductName = line('What the product is called.', 300);
export const Description = text('What the product is, in plain text.', 20_000);
export const CategoryId = id('A category.');
export const Category = line('Where the product is found.', 120);
/** Letters of any language and digits, joined by hyphens. */
export const GroupHandle = Type.String({
  maxLength: 120,
  pattern: '^[\\p{L}\\p{N}\\p{M}]+(?:-[\\p{L}\\p{N}\\p{M}]+)*$',
  description: 'The name of a group in addresses, unique in the shop.',
});
export const ImageHash = Type.String({ pattern: '^[0-9a-f]{64}$', description: 'SHA-256 of a picture as it was uploaded.' });
export const AltText = line('What a picture shows, for those who cannot see it.', 300, 0);
export const ImageUrl = Type.String({
  maxLength: 2_000,
  pattern: imageUrl,
  description: 'Picture of the product: an http(s) URL without user name and password, or a path of this shop (one slash, then a name).',
});
export const AttributeValue = line('Value of an attribute.', 300, 0);
/** The limits of a name are in its pattern: of a record's key, JSON Schema knows nothing else. */
export const Attributes = Type.Record(Type.String({ pattern: `^${attributeKey}$` }), AttributeValue, {
  additionalProperties: false,
  maxProperties: 50,
  description: 'Free attributes of a product.',
});
export const ProductStatus = Type.Union([Type.Literal('active'), Type.Literal('archived')]);

export const TaxClass = Type.String({
  pattern: '^[a-z][a-z0-9_-]{0,39}$',
  description: 'What a product is taxed as, such as standard or reduced; standard where none is said.',
});
export const WeightG = Type.Integer({ minimum: 0, maximum: 1_000_000, description: 'Weight of one piece in grams.' });
export const TaxName = line('What a tax is called, such as VAT.', 40);
export const RatePercent = Type.Number({
  minimum: 0,
  maximum: 50,
  description: 'Rate in percent with at most four decimals, such as 9.975.',
});
export const CountryCode = Type.String({ pattern: '^[A-Z]{2}$', description: 'Country, ISO 3166 code.' });
export const RegionCode = Type.String({
  pattern: '^[A-Z0-9][A-Z0-9 .-]{0,59}$',
  description: 'State or province in capital letters; of the United States and Canada by code, such as CA.',
});
export const PostalPrefix = Type.String({
  pattern: '^[A-Z0-9]{1,10}$',
  description: 'Beginning of postal codes in capital letters, without blanks and dashes.',
});
export const ShippingMethodCode = Type.String({
  pattern: '^[a-z][a-z0-9_-]{0,39}$',
  description: 'Short name of a method of shipping, unique in its zone.',
});
/** Nothing invisible, and no blanks at its ends. */
const codeText = '\\u0000-\\u001f\\u007f-\\u009f\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff';
export const PromotionCode = Type.String({
  pattern: `^[^\\s${codeText}](?:[^${codeText}]{0,38}[^\\s${codeText}])?$`,
  description: 'A code that makes a promotion apply; upper and lower case are the same.',
});
export const Locale = Type.String({
  pattern: '^[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-[A-Z]{2})?$',
  description: 'Language of the customer, such as pt or pt-BR.',
});

export const OrderStatus = Type.Union([
  Type.Literal('pending'),
  Type.Literal('awaiting_payment'),
  Type.Literal('confirmed'),
  Type.Literal('shipped'),
  Type.Literal('completed'),
  Type.Literal('cancelled'),
]);
export const CancelReason = Type.Union([
  Type.Literal('out_of_stock'),
  Type.Literal('payment_declined'),
  Type.Literal('stock_timeout'),
  Type.Literal('payment_timeout'),
  Type.Literal('customer_request'),
  Type.Literal('staff_request'),
]);
export const CancelledBy = Type.Union([Type.Literal('customer'), Type.Literal('staff'), Type.Literal('system')]);
export const CancelledMoney = Type.Union([Type.Literal('not_taken'), Type.Literal('unknown'), Type.Literal('taken')], {
  description: 'Whether the customer had paid when the order was cancelled; unknown while a charge is under way.',
});
export const OrderNumber = Type.String({ pattern: '^S-[0-9]{5,}$', description: 'The order in a form people can read out.' });
export const PaymentMethod = Type.String({
  pattern: '^[A-Za-z0-9_]{3,100}$',
  description: 'Token of the payment provider; never a card number.',
});
export const Carrier = line('Who carries the parcel.', 100);
export const TrackingNumber = line('Number of the parcel at the carrier.', 100);
export const ParcelNumber = Type.Integer({ minimum: 1, maximum: 10_000, description: 'The parcels of an order are counted from 1.' });
export const ReturnNumber = Type.String({ pattern: '^R-[0-9]{5,}$', description: 'The return in a form people can read out.' });
export const ReturnState = Type.Union(
  [
    Type.Literal('requested'),
    Type.Literal('approved'),
    Type.Literal('received'),
    Type.Literal('refunding'),
    Type.Literal('refunded'),
    Type.Literal('rejected'),
    Type.Literal('closed'),
  ],
  { description: 'How far a return has come.' },
);
export const ReturnedQuantity = Type.Integer({ minimum: 0, maximum: 1_000_000, description: 'Pieces of one product.' });
export const ShippingRefund = Type.Union([Type.Literal('none'), Type.Literal('share'), Type.Literal('all')], {
  description: 'How much of the shipping goes back: nothing, the share of the pieces, or all that is left.',
});
export const TrackingUrl = Type.String({
  minLength: 1,
  maxLength: 2_000,
  pattern: `^https://${host}(?::[0-9]{1,5})?(?:[/?#]${urlText}*)?$`,
  text_form: 'verbatim',
  description: 'Where the carrier shows how far the parcel has come; https.',
});
export const Delivery = Type.Union([Type.Literal('none'), Type.Literal('partial'), Type.Literal('full')], {
  description: 'Whether none, some or all of the pieces have been sent.',
});
export const Reason = line('Why, in a few words.', 500);

/** Postal address: the five members everybody needs, and up to a few more of the shop's own. */
export const ShippingAddress = Type.Object(
  {
    full_name: Type.Optional(line('Who receives it.', 120)),
    street: line('Street and number.', 200),
    street2: Type.Optional(line('Flat, floor, company.', 200)),
    city: line('City.', 120),
    state: Type.Optional(line('State or province.', 120)),
    postal_code: Type.Optional(line('Postal code.', 20)),
    country: line('Country, ISO 3166 code or name.', 60),
    phone: Type.Optional(line('Telephone.', 40)),
  },
  { additionalProperties: false, description: 'Where the goods go.' },
);

export const ReservedItem = Type.Object({ product_id: ProductId, quantity: Quantity });
export const ParcelQuantity = Type.Integer({
  minimum: 1,
  maximum: 1_000_000,
  description: 'Pieces of one product, of all lines that name it.',
});
export const ParcelItem = Type.Object(
  { product_id: ProductId, name: ProductName, quantity: ParcelQuantity },
  { description: 'Pieces of one product that are sent together.' },
);
export const PricedItem = Type.Object({ product_id: ProductId, quantity: Quantity, price: Amount });
export const Shortage = Type.Object({
  product_id: ProductId,
  requested: Type.Integer({ minimum: 1 }),
  available: Type.Integer({ minimum: 0 }),
});

/** The same schema, also accepting null (a column that may be empty). */
export const Nullable = <S extends TSchema>(schema: S) => Type.Union([schema, Type.Null()]);

export const StatedMode = Type.Union([Type.Literal('add'), Type.Literal('set')], {
  description: 'add: so many have come; set: so many there are.',
});
