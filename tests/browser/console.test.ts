import { after, before, describe } from 'node:test';
import { type Looker, openBrowser, watched } from './_browser.ts';
import { conflictIsShown, consoleOpens, lettersAreReplayed, listIsLive, orderIsFoundAndRefunded, stockIsAdjusted } from './_console.ts';
import { drillIsWatched } from './_drills.ts';
import { consoleSpeaks } from './_languages.ts';
import { keyIsMadeAndRevoked, webhookIsKept } from './_programs.ts';
import { quoteIsCalculated, ratesAreKept, zoneIsShippedTo } from './_settings.ts';
import { openTradingShop, type TradingShop } from './_shop.ts';
import { roleIsGivenAndTaken } from './_staff.ts';
import { fileIsImported, goodsComeBack, promotionIsMade } from './_trade.ts';

describe('the console', () => {
  let browser: Looker | undefined;
  let shop: TradingShop;
  before(async () => {
    browser = await openBrowser();
    const env = { AUDIT_INTERVAL_MS: '600000', RECHECK_INTERVAL_MS: '100', STATUS_INTERVAL_MS: '1000' };
    if (browser) shop = await openTradingShop({ env, drills: true });
  });
  after(async () => {
    await browser?.close();
    await shop?.souk.stop();
  });

  const look = watched(() => browser);

  look(
    'the console opens; an order is found by keyboard and refunded, stock is adjusted, a dead letter replayed, a conflict shown',
    async (browser) => {
      await consoleOpens(browser, shop);
      await orderIsFoundAndRefunded(browser, shop);
      await stockIsAdjusted(browser, shop);
      await conflictIsShown(browser, shop);
      await listIsLive(browser, shop);
    },
  );

  look('the console speaks German where a browser prefers it: all screens, on a telephone', async (browser) => {
    const spoken = { locale: 'de-DE', orders: 'Bestellungen', signed_out: 'Anmelden', cancel: 'Bestellung stornieren' };
    await consoleSpeaks(browser, shop, spoken);
  });

  look('the console speaks French where a browser prefers it: all screens, on a telephone', async (browser) => {
    const spoken = { locale: 'fr-FR', orders: 'Commandes', signed_out: 'Se connecter', cancel: 'Annuler la commande' };
    await consoleSpeaks(browser, shop, spoken);
  });

  look('an administrator makes an API key and a webhook, whose secrets are shown once, and ends them', async (browser) => {
    await keyIsMadeAndRevoked(browser, shop);
    await webhookIsKept(browser, shop);
  });

  look('staff make a promotion, import a file, and take goods back in the console', async (browser) => {
    await promotionIsMade(browser, shop);
    await fileIsImported(browser, shop);
    await goodsComeBack(browser, shop);
  });

  look('staff keep rates of tax and ways of shipping, and see in a quote what an order would cost with them', async (browser) => {
    await ratesAreKept(browser, shop);
    await zoneIsShippedTo(browser, shop);
    await quoteIsCalculated(browser, shop);
  });

  look('an administrator gives and takes a role and ends sessions, and reads what staff did', async (browser) => {
    await roleIsGivenAndTaken(browser, shop);
  });

  look('a drill ends inventory while orders are placed, and says what the auditor says', async (browser) => {
    await drillIsWatched(browser, shop);
  });

  look('a message that failed for good is replayed and discarded in the console', async (browser) => {
    await lettersAreReplayed(browser, shop);
  });
});
