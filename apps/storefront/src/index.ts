export type * from './account-views.ts';
export {
  accountOrdersPath,
  accountPath,
  cartPath,
  categoryPath,
  checkoutPath,
  homePath,
  listPath,
  orderPath,
  orderReturnPath,
  passwordResetPath,
  productPath,
  profilePath,
  proofPath,
  receiptPath,
  registerPath,
  returningTo,
  secondFactorPath,
  securityPath,
  signInPath,
  signOutPath,
  trackPath,
  variantPath,
  verifyEmailPath,
} from './addresses.ts';
export { assetFiles } from './assets.ts';
export {
  type CartLineView,
  type CartNotice,
  type CartTotal,
  type CheckoutField,
  type CheckoutFields,
  type CheckoutNotice,
  type CheckoutView,
  checkoutFieldNames,
  type FieldFault,
  type OrderNotice,
  type OrderView,
  type ReturnNotice,
  type ReturnView,
  type ShownOrder,
  type ShownReturn,
} from './buying-views.ts';
export { accountPage } from './pages/account.ts';
export { accountMessagesPage } from './pages/account-messages.ts';
export { accountOrdersPage } from './pages/account-orders.ts';
export { cartPage } from './pages/cart.ts';
export { checkoutPage, paymentMethods } from './pages/checkout.ts';
export { erasePage } from './pages/erase.ts';
export { homePage } from './pages/home.ts';
export { listPage } from './pages/list.ts';
export { isWaiting, orderPage } from './pages/order.ts';
export { passwordResetPage } from './pages/password-reset.ts';
export { productPage } from './pages/product.ts';
export { profilePage } from './pages/profile.ts';
export { proofPage } from './pages/proof.ts';
export { receiptPage } from './pages/receipt.ts';
export { refusalPage } from './pages/refusal.ts';
export { registerPage } from './pages/register.ts';
export { returnPage } from './pages/return.ts';
export { secondFactorPage } from './pages/second-factor.ts';
export { securityPage } from './pages/security.ts';
export { signInPage } from './pages/sign-in.ts';
export { trackPage } from './pages/track.ts';
export { verifyEmailPage } from './pages/verify-email.ts';
export { usualSort } from './parts/filter-bar.ts';
export { pictureOrigins } from './picture-origins.ts';
export { manifestText, pageSitemap, robotsText, sitemapIndex, thingSitemap } from './sitemaps.ts';
export { hasNoWordOf, wordsOfProduct, wordsOfThing } from './things.ts';
export type {
  CategoryEntry,
  FrameView,
  ListQuestion,
  Match,
  PageAssets,
  RefusalKind,
  ShownPerson,
  ShownProduct,
  ShownThing,
  Sort,
} from './views.ts';
export { type Tongue, tongueFor } from './words/languages.ts';
