/**
 * Every way in which Souk says no: code → HTTP status, title, whether trying again can help, and one sentence of
 * advice. Domain code refuses with `refusal(code, …)`; the HTTP edge turns it into a problem document, the consumer
 * runtime into a retry (`passing`) or a dead letter (`permanent`). A code that is not here is a bug and answers 500.
 */
import { AppError } from '@souk/kernel';
import { type ErrorEntry, passing, permanent } from './error-entry.ts';

export type { ErrorEntry };

export const errorTable = {
  // The request itself
  validation_failed: permanent(400, 'The request is not valid', 'Correct the members listed in errors and send it again.'),
  json_invalid: permanent(400, 'The body is not valid JSON', 'Send a UTF-8 JSON document.'),
  header_invalid: permanent(400, 'A header is not valid', 'Correct the header named in detail.'),
  cursor_invalid: permanent(400, 'The cursor is not valid', 'Use the address from the Link header unchanged.'),
  amount_invalid: permanent(400, 'The amount is not valid', 'Use at most as many decimals as the currency has.'),
  currency_unknown: permanent(400, 'The currency is unknown', 'Use an ISO 4217 code such as EUR.'),
  not_found: permanent(404, 'Not found', 'Check the address; it may also belong to another account.'),
  method_not_allowed: permanent(405, 'Method not allowed', 'Use one of the methods in the Allow header.'),
  not_acceptable: permanent(406, 'None of these content types is at this address', 'Accept one of those named in detail.'),
  body_too_large: permanent(413, 'The body is too large', 'Send less; the limit is in detail.'),
  client_left: permanent(400, 'The body ended too early', 'Send the whole body, as long as Content-Length says.'),
  media_type_unsupported: permanent(415, 'The content type is not supported', 'Send application/json, or what the route says.'),
  range_not_satisfiable: permanent(416, 'The range is behind the end', 'Ask for a part within the length that Content-Range says.'),
  headers_too_large: permanent(431, 'The headers are too large', 'Send fewer or shorter headers.'),
  request_timeout: permanent(408, 'The request took too long to arrive', 'Send the whole request within the time limit.'),
  precondition_failed: permanent(412, 'The resource has changed', 'Read it again and repeat the change with the new ETag.'),
  precondition_required: permanent(428, 'The change needs the version it is made to', 'Read the resource and send its ETag as If-Match.'),
  idempotency_key_reused: permanent(422, 'The idempotency key was used for another request', 'Use a new key for a new request.'),
  idempotency_key_invalid: permanent(400, 'The idempotency key is not valid', 'Use 1 to 255 visible ASCII characters.'),

  form_invalid: permanent(422, 'The form is not filled in right', 'Correct what the page says and send it again.'),

  // Who asks
  token_missing: permanent(401, 'Sign in first', 'Send Authorization: Bearer with an access token from POST /api/auth/login.'),
  token_invalid: permanent(401, 'The access token is not valid', 'Refresh it or sign in again.'),
  forbidden: permanent(403, 'Not allowed', 'This needs another role.'),
  cross_origin_request: permanent(
    403,
    'Not sent by a page of this shop',
    'Open the page here and send it again; programs send Authorization instead of cookies.',
  ),
  scope_missing: permanent(
    403,
    'The API key may not do this',
    'Use a key with the scope named in detail; some routes are for people only.',
  ),
  keys_unavailable: passing(503, 'Access tokens cannot be checked at the moment', 'Try again in a moment.'),
  login_failed: permanent(401, 'Login failed', 'Check user name and password.'),
  second_factor_required: permanent(401, 'A code is needed', 'Send the six digits of the authenticator app, or a recovery code, as code.'),
  second_factor_invalid: permanent(401, 'The code is not valid', 'Wait for the next code of the app; each is good once.'),
  login_throttled: passing(429, 'Too many failed logins', 'Wait for the time in Retry-After.'),
  refresh_token_invalid: permanent(401, 'The refresh token is not valid', 'Sign in again.'),
  secret_invalid: permanent(400, 'The link is not valid any more', 'Ask for a new one.'),
  rate_limited: passing(429, 'Too many requests', 'Wait for the time in Retry-After.'),
  upgrade_required: permanent(426, 'This address takes WebSockets', 'Open a WebSocket (RFC 6455) with the subprotocol souk.v1.'),
  too_many_streams: passing(429, 'Too many streams are open', 'Close some; one WebSocket follows many orders.'),

  // Accounts
  username_taken: permanent(409, 'The user name is taken', 'Choose another user name.'),
  email_taken: permanent(409, 'The e-mail address is taken', 'Sign in, or use another address.'),
  account_is_guest: permanent(409, 'This is the account of a guest', 'Claim it first: POST /api/users/me/claim.'),
  account_claimed: permanent(409, 'This is no guest that can be claimed', 'Sign in with the password of the account.'),
  email_unverified: permanent(409, 'The e-mail address is not confirmed', 'Follow the link that was mailed to it first.'),
  too_many_guests: permanent(409, 'The account has linked too many guests', 'Claim one of the others with its own token.'),
  password_wrong: permanent(403, 'The password is wrong', 'Send the password of the account as current_password.'),
  password_weak: permanent(400, 'The password is easy to guess', 'Choose one that is not common and not close to the name or address.'),
  second_factor_enabled: permanent(409, 'The second factor is set up already', 'Disable it first.'),
  second_factor_absent: permanent(409, 'There is no second factor to confirm', 'Begin with POST /api/auth/second-factor.'),
  too_many_api_keys: permanent(409, 'The account has too many API keys', 'Delete one that is not used any more.'),
  last_admin: permanent(409, 'The last administrator stays', 'Make another administrator first.'),

  // Catalogue
  sku_taken: permanent(409, 'The SKU is taken', 'Choose another SKU, or bring back the archived product that has it.'),
  product_archived: permanent(409, 'The product is archived', 'Bring it back first: PATCH with {"status": "active"}.'),
  image_invalid: permanent(400, 'The picture cannot be used', 'Send a JPEG, PNG, WebP or AVIF picture of at most 40 million pixels.'),
  image_unknown: permanent(400, 'The product has no such picture', 'Name pictures that the product has, each once.'),
  too_many_images: permanent(409, 'The product has too many pictures', 'Take one off first.'),
  handle_taken: permanent(409, 'Another group has or had the handle', 'Choose another handle.'),
  category_taken: permanent(409, 'Another category has or had the name or handle', 'Choose another one.'),
  category_misplaced: permanent(
    409,
    'The category cannot be there',
    'Choose a parent that is not below it, with at most six levels in all.',
  ),
  category_unknown: permanent(400, 'The category is unknown', 'Check parent_id.'),
  too_many_imports: permanent(409, 'Too many imports wait', 'Wait until some have ended, or cancel them.'),
  csv_invalid: permanent(400, 'The CSV file cannot be read', 'Correct the file at the line named in detail.'),

  // Orders
  product_unknown: permanent(
    400,
    'The product is unknown',
    'Leave out the products listed in errors. A product archived a moment ago may still be taken.',
  ),
  currency_mismatch: permanent(400, 'The currencies differ', 'Order products of one currency at a time.'),
  total_changed: permanent(
    409,
    'The total has changed',
    'Show the customer the new total and order again. Prices are copied by events: for a tenth of a second after a change the old one may count.',
  ),
  code_refused: permanent(
    409,
    'A code does not apply',
    'Leave out refused_codes of quote, show the customer the new total and order again.',
  ),
  country_unknown: permanent(400, 'The country is not known', 'Send its ISO 3166 code, such as DE, or its name.'),
  address_incomplete: permanent(
    400,
    'The address leaves tax or shipping open',
    'Send the member named in errors: state by name or code, or postal_code.',
  ),
  shipping_unavailable: permanent(
    400,
    'It cannot be sent like this',
    'Use one of shipping_methods; where there are none, the shop does not send to this address.',
  ),
  total_too_large: permanent(400, 'The total is too large', 'Order less at a time.'),
  too_many_open_orders: permanent(409, 'The customer has too many open orders', 'Wait until some are shipped, or cancel some.'),
  too_many_open_pieces: permanent(
    409,
    'The open orders hold too many pieces',
    'Order less, wait until some orders are shipped, or cancel some.',
  ),
  cart_full: permanent(409, 'The cart has too many lines', 'Take lines out of the cart, or order some of them, and merge again.'),
  too_many_addresses: permanent(409, 'The address book is full', 'Change or delete one of the addresses.'),
  user_unknown: permanent(400, 'The user is unknown', 'Check user_id.'),
  order_not_cancellable: permanent(409, 'The order cannot be cancelled', 'It is on its way or finished.'),
  order_not_shippable: permanent(409, 'The order cannot be shipped', 'Only confirmed orders can be shipped.'),
  order_not_completable: permanent(409, 'The order cannot be completed', 'Only orders of which everything was shipped can be completed.'),
  parcel_items_unknown: permanent(400, 'The order has no such pieces', 'Check the product_id of each of the items.'),
  parcel_too_large: permanent(409, 'More pieces than are left to send', 'Read the order again, and send what is left of it.'),
  return_items_unknown: permanent(400, 'There are no such pieces', 'Check the product_id of each of the items.'),
  return_too_large: permanent(409, 'More pieces than can come back', 'Read the order and its returns again.'),
  return_not_open: permanent(409, 'The return is not in a state for it', 'Read the return again.'),
  deduction_too_large: permanent(400, 'More would be kept than goes back', 'Keep at most what goes back.'),
  saga_impossible: permanent(500, 'The order cannot have got this message', 'Look into the dead letter: a participant is wrong.'),
  order_unseen: passing(503, 'The order is not known yet', 'It will be tried again.'),

  // Tax and shipping
  tax_rate_overlaps: permanent(409, 'There is a rate for this place and time', 'End the other rate first: set its valid_until.'),
  shipping_method_exists: permanent(409, 'The zone has a method of this code', 'Choose another code, or change the other method.'),
  shipping_zone_unknown: permanent(400, 'The shipping zone is unknown', 'Check zone_id.'),
  shipping_zone_in_use: permanent(409, 'The zone has methods of shipping', 'Delete its methods first.'),
  too_many_rules: permanent(409, 'There are too many rules of this kind', 'Delete some that are not needed any more.'),

  // Promotions
  code_exists: permanent(409, 'The code is taken', 'Choose another code.'),
  too_many_automatic_promotions: permanent(
    409,
    'Too many promotions apply by themselves',
    'At most 50 automatic ones may be active: end one first, or give this one codes.',
  ),
  promotion_used_more: permanent(409, 'The promotion was used more often', 'Set uses_max to used or more.'),

  // Stock
  stock_unknown: passing(503, 'The product has no stock record yet', 'It will be tried again.'),
  stock_mismatch: permanent(409, 'The stock is not what was expected', 'Read the stock again and repeat the adjustment.'),
  stock_reserved: permanent(409, 'The stock is promised to orders', 'Cancel orders first, or take less.'),
  stock_too_large: permanent(400, 'The stock would be too large', 'Adjust by less.'),

  // Money
  refund_exceeds_captured: permanent(409, 'More than was captured', 'Refund at most what is left of the payment.'),
  payment_not_captured: permanent(409, 'Nothing was captured', 'Only captured payments can be refunded.'),
  refund_not_failed: permanent(409, 'The refund has not failed', 'Read the payment: only a failed refund is tried again or settled, once.'),
  provider_unknown: permanent(404, 'The payment provider is unknown', 'Check the address of the webhook.'),
  signature_invalid: permanent(400, 'The signature is not valid', 'Check the signing secret of the webhook.'),
  payment_mismatch: permanent(409, 'The payment is not the one asked for', 'Look into the dead letter: the amounts differ.'),

  // Messages to people
  contact_unknown: passing(503, 'The recipient is not known yet', 'It will be tried again.'),
  notification_suppressed: permanent(
    409,
    'The message was suppressed',
    'Its failure_code says why: the account was erased, or the address has enough.',
  ),
  mail_refused: permanent(502, 'The mail server refused the message', 'Check the address and the mail server.'),

  // Messaging
  event_invalid: permanent(400, 'The message is not a valid event', 'The publisher must be corrected.'),
  event_unknown: permanent(400, 'The message is of no known type', 'No consumer here handles it.'),
  dead_letter_unknown: permanent(404, 'No such dead letter', 'List the dead letters of the service.'),

  // Drills
  drills_off: permanent(403, 'This shop allows no drills', 'Start it with SOUK_DRILLS=1 where nobody depends on it.'),
  drill_running: permanent(409, 'A drill is under way', 'Wait for its verdict, or end it first.'),
  drill_unknown: permanent(404, 'No such drill', 'List the drills.'),

  // Backups
  backup_missing: permanent(500, 'There is no backup in the folder', 'Name the folder that holds manifest.json.'),
  backup_damaged: permanent(500, 'The backup is damaged', 'Use another copy of the backup.'),
  backup_newer: permanent(500, 'The backup is of a newer Souk', 'Restore it with the version that made it, or a newer one.'),
  backup_incompatible: permanent(500, 'The backup does not fit this Souk', 'Restore it with the version that made it, or a newer one.'),
  backup_exists: permanent(500, 'The folder is there already', 'Name another folder.'),
  backup_no_space: permanent(
    500,
    'There is no space for the backup, or for what is restored',
    'Make space, or name a folder on a disk with more.',
  ),
  restore_target_used: permanent(500, 'The databases are in use or not empty', 'Restore into a new home or new databases.'),
  restore_unfinished: permanent(500, 'A restore did not end', 'Run souk restore with the same backup again.'),
  database_foreign: permanent(500, 'The database is not one of Souk', 'Name a database of the shop.'),

  // Webhooks
  webhook_target_refused: permanent(
    400,
    'Events are not posted to this address',
    'Use https with a public host name: no IP address, no name of a private network, no user name or password.',
  ),
  too_many_webhooks: permanent(409, 'The shop has too many webhooks', 'Delete one that is not used any more.'),
  too_many_webhook_secrets: permanent(
    409,
    'Too many secrets of the webhook are valid',
    'Wait until old ones end, 24 hours after their rotation.',
  ),
  webhook_not_active: permanent(409, 'The webhook is not active', 'Make it active first: PATCH it with status active.'),

  // The graph
  graphql_invalid: permanent(400, 'The GraphQL document is not valid', 'Correct it; the schema is at /docs/schema.graphql.'),
  graphql_too_costly: permanent(
    400,
    'The GraphQL document asks for too much',
    'Ask for smaller lists, fewer levels, aliases or fragments; the message names the limit.',
  ),
  document_unknown: permanent(404, 'There is no such registered document', 'Send the document itself as query, or have it registered.'),
  document_untrusted: permanent(403, 'Only registered documents are taken', 'Send the id of a registered document.'),

  // The platform
  cache_load_timeout: passing(503, 'The source of the answer takes too long', 'Try again after the time in Retry-After.'),
  cache_key_invalid: permanent(500, 'A cache key is not valid', 'The program must be corrected.'),
  cache_lifetime_invalid: permanent(500, 'A cache lifetime is not valid', 'The program must be corrected.'),
  registry_full: passing(503, 'The registry is full', 'Deregister instances that are gone.'),
  registration_invalid: permanent(400, 'The registration is not valid', 'Correct the instance named in detail.'),
  static_services_invalid: permanent(500, 'STATIC_SERVICES is not valid', 'Write name=url,url;name=url.'),
  embedded_postgres_version: permanent(
    500,
    'The data is of another PostgreSQL version',
    'Older data: run souk upgrade-database. Newer data: use the Souk that wrote it.',
  ),
  old_postgres_missing: permanent(
    500,
    'The programs of the older PostgreSQL are missing',
    'Install them and name their folder with --programs.',
  ),
  old_data_exists: permanent(500, 'Data of an earlier upgrade is there', 'Delete the folder named, or move it away.'),
  upgrade_no_space: permanent(500, 'There is no space for the copy of the data', 'Make space and run the command again.'),
  overloaded: passing(503, 'Too much to do', 'Try again after the time in Retry-After.'),
  database_unavailable: passing(503, 'The database does not answer', 'Try again after the time in Retry-After.'),
  pooler_unsupported: permanent(500, 'The pooler works in transaction mode', 'Set pool_mode = session for the databases of Souk.'),
  broker_unavailable: passing(503, 'The broker does not answer', 'Try again after the time in Retry-After.'),
  service_unavailable: passing(503, 'The service is not there at the moment', 'Try again after the time in Retry-After.'),
  shutting_down: passing(503, 'The service is stopping', 'Try again after the time in Retry-After.'),
  upstream_failed: passing(502, 'The service broke off its answer', 'Reads can be repeated; repeat writes only with an idempotency key.'),
  upstream_timeout: passing(504, 'The service took too long', 'Reads can be repeated; repeat writes only with an idempotency key.'),
  redis_unavailable: passing(503, 'Redis does not answer', 'Try again after the time in Retry-After.'),
  redis_server_missing: permanent(500, 'There is no redis-server here', 'Install redis-server, or name one in REDIS_URL.'),
  redis_server_failed: permanent(500, 'The local Redis did not start', 'Read the lines of its log in the message.'),
  config_invalid: permanent(500, 'The configuration is not valid', 'Correct the variables named.'),
  otlp_invalid: permanent(400, 'These are no spans', 'Send OTLP over HTTP, as protobuf or JSON.'),
  port_taken: permanent(500, 'A port is taken', 'Stop what holds it, or set PORT_BASE.'),
  port_refused: permanent(500, 'A port may not be used', 'Set PORT_BASE to 1024 or more.'),
  already_running: permanent(500, 'It is running already', 'Use the running one, or another SOUK_HOME and PORT_BASE.'),
  embedded_postgres_missing: permanent(
    500,
    'There is no embedded PostgreSQL for this platform',
    'Use Linux, macOS or Windows on x64 or arm64 (glibc).',
  ),
  embedded_postgres_failed: permanent(500, 'The embedded PostgreSQL did not start', 'Read the lines of its log in the message.'),
  embedded_postgres_stuck: permanent(500, 'The embedded PostgreSQL does not stop', 'End the process named in the message.'),
  migration_failed: permanent(500, 'A migration failed', 'Read the statement named in the message.'),
  migration_locked: permanent(500, 'Another process is migrating for too long', 'See whether it hangs.'),
  migration_misnamed: permanent(500, 'A migration has no proper name', 'Call it 0001_what_it_does.sql.'),
  migration_out_of_order: permanent(500, 'A migration was added before applied ones', 'Give it the next number.'),
  migration_unknown: permanent(500, 'A migration is unknown', 'Use the version of Souk that has it.'),
  migration_changed: permanent(500, 'An applied migration was changed', 'Restore the file and add a new one.'),
  chaos_injected: passing(503, 'Refused by a chaos switch', 'The fault is injected on purpose. Try again when fault injection has ended.'),
  internal: permanent(500, 'Something went wrong', 'Try again; if it stays, give the correlation_id to the shop.'),
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof errorTable;

/** The entry of a code; undefined for a code that is not registered. */
export function errorEntry(code: string): ErrorEntry | undefined {
  return Object.hasOwn(errorTable, code) ? errorTable[code as ErrorCode] : undefined;
}

/** A refusal with a registered code. `detail` is a sentence for the caller, `details` the values behind it. */
export function refusal(code: ErrorCode, detail?: string, details?: Record<string, unknown>, cause?: unknown): AppError {
  return new AppError(code, detail ?? `${errorTable[code].title}.`, details, cause);
}

/** Whether trying again can help: registered as passing, or not registered at all (a bug may be a passing one). */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof AppError)) return true;
  return errorEntry(error.code)?.kind !== 'permanent';
}
