/** The operations by what they are about: `client.orders.place(…)`. Names are chosen here, everything else follows from the table. */
import type { CallSettings, ResultOf } from './call-types.ts';
import type { OperationName, Operations } from './operation-types.ts';
import type { operations } from './operations.ts';
import type { Pages } from './pages.ts';

export const groups = {
  auth: {
    guest: 'openGuest',
    logoutEverywhere: 'logoutEverywhere',
    sessions: 'listSessions',
    endOtherSessions: 'endOtherSessions',
    requestPasswordReset: 'requestPasswordReset',
    confirmPasswordReset: 'confirmPasswordReset',
    verifyEmail: 'verifyEmail',
    secondFactor: 'getSecondFactor',
    enrolSecondFactor: 'enrolSecondFactor',
    confirmSecondFactor: 'confirmSecondFactor',
    disableSecondFactor: 'disableSecondFactor',
    keySet: 'getKeySet',
    receiptKeys: 'getReceiptKeys',
  },
  users: {
    register: 'registerUser',
    me: 'getMe',
    claim: 'claimAccount',
    linkGuests: 'linkGuests',
    get: 'getUser',
    list: 'listUsers',
    change: 'changeUser',
    delete: 'deleteUser',
    setRole: 'setRole',
    addresses: 'listAddresses',
    addAddress: 'addAddress',
    changeAddress: 'changeAddress',
    deleteAddress: 'deleteAddress',
    resetSecondFactor: 'resetSecondFactor',
    staff: 'listStaff',
    staffActions: 'listStaffActions',
    endSessions: 'endSessionsOf',
  },
  apiKeys: { create: 'createApiKey', list: 'listApiKeys', delete: 'deleteApiKey' },
  products: {
    list: 'listProducts',
    get: 'getProduct',
    create: 'createProduct',
    saveMany: 'saveProducts',
    replace: 'replaceProduct',
    change: 'changeProduct',
    archive: 'archiveProduct',
    import: 'importProducts',
    export: 'exportProducts',
    facets: 'countFacets',
    suggest: 'suggestProducts',
    categories: 'listCategories',
    startImport: 'startImport',
    imports: 'listImports',
    getImport: 'getImport',
    importRefusals: 'listImportRefusals',
    cancelImport: 'cancelImport',
    picture: 'getPicture',
    addImage: 'addProductImage',
    arrangeImages: 'arrangeProductImages',
    removeImage: 'removeProductImage',
    media: 'getMedia',
  },
  catalogue: {
    list: 'listGroups',
    get: 'getGroup',
    rename: 'renameGroup',
    facets: 'countGroupFacets',
    category: 'getCategory',
    createCategory: 'createCategory',
    changeCategory: 'changeCategory',
  },
  orders: {
    place: 'placeOrder',
    list: 'listOrders',
    count: 'countOrders',
    export: 'exportOrders',
    get: 'getOrder',
    details: 'getOrderDetails',
    lookUp: 'lookUpOrder',
    history: 'getOrderHistory',
    staffActions: 'listOrderActions',
    shopActions: 'listShopActions',
    why: 'explainOrder',
    receipt: 'getReceipt',
    cancel: 'cancelOrder',
    ship: 'shipOrder',
    sendParcel: 'sendParcel',
    parcelDelivered: 'markParcelDelivered',
    complete: 'completeOrder',
  },
  returns: {
    request: 'requestReturn',
    list: 'listReturns',
    get: 'getReturn',
    approve: 'approveReturn',
    reject: 'rejectReturn',
    close: 'closeReturn',
    receive: 'receiveReturn',
    preview: 'previewReturnRefund',
    refund: 'refundReturn',
  },
  cart: { get: 'getCart', put: 'putCart', merge: 'mergeCart' },
  quotes: { get: 'quoteOrder' },
  taxes: {
    countries: 'listTaxCountries',
    setCountry: 'putTaxCountry',
    deleteCountry: 'deleteTaxCountry',
    rates: 'listTaxRates',
    importRates: 'importTaxRates',
    createRate: 'createTaxRate',
    replaceRate: 'replaceTaxRate',
    deleteRate: 'deleteTaxRate',
  },
  shipping: {
    zones: 'listShippingZones',
    createZone: 'createShippingZone',
    replaceZone: 'replaceShippingZone',
    deleteZone: 'deleteShippingZone',
    methods: 'listShippingMethods',
    createMethod: 'createShippingMethod',
    replaceMethod: 'replaceShippingMethod',
    deleteMethod: 'deleteShippingMethod',
  },
  promotions: {
    list: 'listPromotions',
    create: 'createPromotion',
    get: 'getPromotion',
    change: 'changePromotion',
    codes: 'listPromotionCodes',
    createCodes: 'createPromotionCodes',
    withdrawCode: 'withdrawPromotionCode',
    simulate: 'simulatePromotion',
  },
  inventory: {
    get: 'getStock',
    available: 'listAvailability',
    list: 'listStock',
    adjust: 'adjustStock',
    adjustMany: 'adjustStocks',
    movements: 'listMovements',
    staffActions: 'listStockActions',
  },
  payments: {
    list: 'listPayments',
    get: 'getPayment',
    refund: 'refundPayment',
    retryRefund: 'retryRefund',
    settleRefund: 'settleRefund',
    listDisputes: 'listDisputes',
  },
  webhooks: {
    create: 'createWebhook',
    list: 'listWebhooks',
    get: 'getWebhook',
    change: 'changeWebhook',
    delete: 'deleteWebhook',
    rotate: 'rotateWebhookSecret',
    ping: 'pingWebhook',
    deliveries: 'listDeliveries',
    replay: 'replayDeliveries',
  },
  notifications: { history: 'getNotificationHistory', get: 'getNotification', resend: 'resendNotification' },
  graph: { query: 'runGraphql', registered: 'runRegisteredGraphql' },
  deadLetters: { list: 'listDeadLetters', get: 'getDeadLetter', discard: 'discardDeadLetter', replay: 'replayDeadLetters' },
  drills: { list: 'listDrills', start: 'startDrill', end: 'endDrill' },
  platform: { status: 'getStatus', audit: 'getAudit', proof: 'getProof' },
} as const satisfies Record<string, Record<string, OperationName>>;

/** Of no group: other addresses of the same, pages for people, what others than clients call. */
export const ungrouped: readonly OperationName[] = [
  'putUser',
  'getOrderFull',
  // Opened by a mailed link, not by a token.
  'getLinkedOrder',
  'cancelLinkedOrder',
  'requestLinkedReturn',
  'listLinkedReturns',
  // Streams; orders.watch reads the first.
  'watchOrder',
  'watchStock',
  'watchShop',
  'openWebSocket',
  'getStatusPage',
  // Files of the shop and of the console, and pages of the sandbox on which a customer pays.
  'getRobots',
  'getManifest',
  'getSitemap',
  'getPageSitemap',
  'getThingSitemap',
  'getAsset',
  'getScript',
  // The session of a browser, which is cookies.
  'getSession',
  'beginSession',
  'endSession',
  'getConsoleFile',
  'getPaymentPage',
  'finishPaymentPage',
  // Documents and pages about the API.
  'getApiLinks',
  'getOpenApi',
  'getAsyncApi',
  'getGraphqlSchema',
  'getGuides',
  'getServiceReference',
  'getEventReference',
  'getReferenceAsset',
  'listProblems',
  'getProblem',
  'receiveWebhook',
  'login',
  'refreshLogin',
  'logout',
];

export type Groups = {
  readonly [Group in keyof typeof groups]: {
    readonly [Name in keyof (typeof groups)[Group]]: Convenience<(typeof groups)[Group][Name] & OperationName>;
  };
};

/**
 * The members of the path in their order, then the body (for a read the query), then settings. Answers the body of a success; a
 * list is an async iterable. Throws `ProblemError` for a refusal.
 */
export type Convenience<Name extends OperationName> = (
  ...given: [...PathMembers<PathNames<Entry<Name>['path']>, Operations[Name]['params']>, ...Input<Name>, settings?: GroupSettings<Name>]
) => Entry<Name> extends { paged: true } ? Pages<ItemOf<ResultOf<Name>>> : Promise<ResultOf<Name>>;

type Entry<Name extends OperationName> = (typeof operations)[Name];
type ItemOf<List> = List extends readonly (infer Item)[] ? Item : never;
type PathNames<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}` ? [Name, ...PathNames<Rest>] : [];
type PathMembers<Names, Params> = Names extends [infer First extends keyof Params, ...infer Rest]
  ? [id: Params[First], ...PathMembers<Rest, Params>]
  : [];

type Input<Name extends OperationName> =
  Entry<Name> extends { takes: 'body' }
    ? Record<never, never> extends Operations[Name]['body']
      ? [body?: Operations[Name]['body']]
      : [body: Operations[Name]['body']]
    : Entry<Name> extends { takes: 'content' }
      ? [content: NonNullable<CallSettings['content']>]
      : Entry<Name> extends { takes: 'query' }
        ? [query?: Operations[Name]['query']]
        : [];

type GroupSettings<Name extends OperationName> = Omit<CallSettings, 'content'> &
  (Entry<Name> extends { takes: 'content' } ? { query?: Operations[Name]['query'] } : unknown);
