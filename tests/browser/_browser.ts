/** A real Chromium that looks at a page, keeps what went wrong in it, takes pictures, and asks axe whether everybody can use it. */
import { access, mkdir } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import { test } from 'node:test';
import axe from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';

const programs = ['chromium', 'chromium-browser', 'google-chrome'];
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export interface Looker {
  /** A page of its own, as somebody else would open it. */
  open(options?: Look): Promise<Visited>;
  /** Where these steps fail, the error says what the pages that they left open show, and what went wrong in them. */
  watch(steps: () => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

export interface Look {
  scheme?: 'light' | 'dark';
  width?: number;
  height?: number;
  /** The language that the browser prefers; default English. */
  locale?: string;
  /** Whether scripts run; default yes. */
  script?: boolean;
}

export interface Visited {
  page: Page;
  /** What a visitor should never cause: lines in the console, scripts that fail, requests that fail. */
  faults: string[];
  /** What axe finds wrong, one line for each element. */
  barriers(): Promise<string[]>;
  /** Into the folder that SOUK_PICTURES names; without it none is taken. */
  picture(name: string): Promise<void>;
}

/** Undefined, after one line that says so, where there is no Chromium. */
export async function openBrowser(): Promise<Looker | undefined> {
  const executablePath = await findChromium();
  if (executablePath === undefined) {
    process.stdout.write('There is no Chromium here, so nobody looks at the page: "apt-get install chromium", or set CHROMIUM.\n');
    return undefined;
  }
  const browser = await chromium.launch({ executablePath, args: flags, headless: true });
  const pictures = process.env.SOUK_PICTURES ? resolve(process.env.SOUK_PICTURES) : undefined;
  if (pictures !== undefined) await mkdir(pictures, { recursive: true });
  const visits: Visited[] = [];
  return {
    async open(look = {}) {
      const visited = await lookAt(browser, pictures, look);
      visits.push(visited);
      return visited;
    },
    async watch(steps) {
      visits.length = 0;
      try {
        await steps();
      } catch (error) {
        const seen = await Promise.all(visits.filter(({ page }) => !page.isClosed()).map(describeVisit));
        throw new Error([error instanceof Error ? error.message : String(error), ...seen].join('\n'), { cause: error });
      }
    },
    close: () => browser.close(),
  };
}

/** Tests with this browser, once it is open; where there is none they do nothing. */
export function watched(opened: () => Looker | undefined): (title: string, steps: (browser: Looker) => Promise<void>) => void {
  return (title, steps) => {
    test(title, async () => {
      const browser = opened();
      await browser?.watch(() => steps(browser));
    });
  };
}

/** Of the text of a page, in a message. */
const shownMax = 4_000;

async function describeVisit({ page, faults }: Visited): Promise<string> {
  const text = await page
    .locator('body')
    .ariaSnapshot({ timeout: 5_000 })
    .catch((error: Error) => `(cannot be read: ${error.message})`);
  return [`The page ${page.url()} shows:`, text.slice(0, shownMax), 'What went wrong in it:', ...faults].join('\n');
}

async function lookAt(
  browser: Browser,
  pictures: string | undefined,
  { scheme = 'light', width = 1280, height = 900, locale = 'en-US', script = true }: Look,
): Promise<Visited> {
  const viewport = { width, height };
  const context = await browser.newContext({ colorScheme: scheme, viewport, locale, reducedMotion: 'reduce', javaScriptEnabled: script });
  const page = await context.newPage();
  // Far more than anything takes on quiet cores: on busy ones a shop needs its time to find its broker again.
  page.setDefaultTimeout(45_000);
  const faults: string[] = [];
  page.on('console', (line) => {
    if (line.type() === 'error' || line.type() === 'warning') faults.push(`console: ${line.text()}`);
  });
  page.on('pageerror', (error) => faults.push(`script: ${error.message}`));
  page.on('requestfailed', (request) => {
    // A stream ends with its page.
    if (request.resourceType() !== 'eventsource') faults.push(`request: ${request.url()} ${request.failure()?.errorText ?? ''}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) faults.push(`answer: ${response.status()} ${response.url()}`);
  });
  return {
    page,
    faults,
    barriers: () => findBarriers(page),
    async picture(name) {
      if (pictures !== undefined) await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
    },
  };
}

interface AxeResult {
  violations: { id: string; help: string; nodes: { html: string; failureSummary?: string }[] }[];
}

async function findBarriers(page: Page): Promise<string[]> {
  if (!(await page.evaluate<boolean>('"axe" in globalThis'))) await page.evaluate(axe.source);
  const result = await page.evaluate<AxeResult>('axe.run({ resultTypes: ["violations"] })');
  return result.violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${help}: ${html} ${failureSummary}`),
  );
}

async function findChromium(): Promise<string | undefined> {
  const given = process.env.CHROMIUM;
  const places = (process.env.PATH ?? '').split(delimiter).flatMap((folder) => programs.map((program) => join(folder, program)));
  for (const place of given ? [given] : places) {
    const found = await access(place).then(
      () => true,
      () => false,
    );
    if (found) return place;
  }
  return undefined;
}
