/** Asks every two seconds, shows the answer, and says so when there is none. */
import { element, icon, iconAddress, renew, show } from './status-elements.js';
import { ask, createSession } from './status-session.js';
import { checkoutsPart, deadLettersPart, missingPart, queuesPart } from './status-tables.js';
import { incidentsPart, mapPart } from './status-view.js';
import { clock, headline, plural, shorter, since, zone } from './status-words.js';

const askEveryMs = 2_000;
const ratesKept = 60;

const session = createSession();
const rates = new Map();
const byId = (id) => document.getElementById(id);
let last;
let silent_since;
let refused;
let timer;
let announced;

byId('sign-in').addEventListener('submit', (event) => {
  event.preventDefault();
  void signIn();
});
byId('sign-out').addEventListener('click', () => {
  void session.signOut();
  askToSignIn('You have signed out.');
});
document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-copy]');
  if (button) void copy(button);
});
document.addEventListener('visibilitychange', () => {
  if (!document.hidden && session.signedIn()) void refresh();
});
byId('foot').textContent =
  `Times are local (${zone(Date.now())}). Rates are over the last seconds, latencies are estimated from a histogram.`;

if (session.signedIn()) void refresh();
else askToSignIn('For the staff of the shop.');

async function signIn() {
  const [login, password, code] = [byId('login'), byId('password'), byId('code')];
  const refused = await session.signIn(login.value, password.value, code.value).catch(() => ({ detail: 'The server cannot be reached.' }));
  code.value = '';
  if (refused !== undefined) {
    const needsCode = refused.code === 'second_factor_required' || refused.code === 'second_factor_invalid';
    byId('code-field').hidden = !needsCode;
    if (!needsCode) password.value = '';
    byId('sign-in-why').textContent = refused.detail;
    announce(refused.detail);
    (needsCode ? code : password).focus();
    return;
  }
  password.value = '';
  byId('code-field').hidden = true;
  byId('main').focus();
  await refresh();
}

function askToSignIn(why) {
  clearTimeout(timer);
  [last, silent_since, refused] = [undefined, undefined, undefined];
  byId('sign-in').hidden = false;
  byId('sign-out').hidden = true;
  byId('sign-in-why').textContent = why;
  byId('headline').textContent = 'Sign in to see how the shop is';
  byId('subline').textContent = '';
  byId('source').textContent = '';
  document.title = 'Souk status';
  show('hero-icon', icon('notice'));
  show('alarm');
  show('view');
  byId('login').focus();
}

async function refresh() {
  clearTimeout(timer);
  try {
    const answer = await asked();
    if (answer.status === 200) render(answer.body);
    else if (answer.status === 401) return askToSignIn('The sign-in has ended. Please sign in again.');
    else if (answer.status === 403) {
      session.forget();
      return askToSignIn('This account is not of the staff. Sign in with one that is.');
    } else renderFailure(`The server answers ${answer.status}${answer.body?.detail ? `: ${answer.body.detail}` : ''}`);
  } catch (error) {
    if (!error.unreachable) throw error;
    renderFailure('The server cannot be reached');
  }
  timer = setTimeout(refresh, document.hidden ? askEveryMs * 5 : askEveryMs);
}

/** With a token that is good; one that is refused is renewed once. */
async function asked() {
  const answer = await ask('/api/status', { token: await session.token() });
  if (answer.status !== 401 || !(await session.again())) return answer;
  return ask('/api/status', { token: await session.token() });
}

function render(status) {
  const now_ms = Date.parse(status.now);
  [last, silent_since, refused] = [status, undefined, undefined];
  for (const { name, requests } of status.services) {
    if (requests !== null) rates.set(name, [...(rates.get(name) ?? []), requests.per_second].slice(-ratesKept));
  }
  byId('sign-in').hidden = true;
  byId('sign-out').hidden = false;
  byId('source').textContent = `Reported by ${shorter(status.reported_by.instance_id)} at ${clock(now_ms, now_ms, true)}`;
  show('alarm');
  showHead(status.status, headline(status.status), sublineOf(status, now_ms));
  const side = [checkoutsPart(status, now_ms), deadLettersPart(status, now_ms), missingPart(status)];
  show(
    'view',
    incidentsPart(status, now_ms),
    mapPart(status, now_ms, rates),
    element('div', { class: 'columns', 'data-key': 'columns' }, element('div', {}, queuesPart(status)), element('div', {}, side)),
  );
}

function sublineOf({ incidents, reported_by }, now_ms) {
  const real = incidents.filter(({ severity }) => severity !== 'notice');
  const notes = incidents.length - real.length;
  const noted = notes === 0 ? '' : `; ${plural(notes, 'thing')} to note`;
  if (real.length === 0) return `Observed ${since(reported_by.observing_since, now_ms)}${noted}.`;
  const first = real.reduce((oldest, one) => (one.since < oldest.since ? one : oldest));
  return `${plural(real.length, 'incident')}, the first ${since(first.since, now_ms, first.since_at_least)}${noted}.`;
}

function showHead(status, words, subline) {
  byId('headline').textContent = words;
  byId('subline').textContent = subline;
  show('hero-icon', icon(status));
  document.title = `${words} – Souk status`;
  const address = iconAddress(status);
  if (byId('icon').href !== address) byId('icon').href = address;
  announce(words);
}

/** For screen readers: only what is new. */
function announce(words) {
  if (announced === words) return;
  announced = words;
  byId('announced').textContent = words;
}

function renderFailure(why) {
  if (refused !== why) silent_since = new Date().toISOString();
  refused = why;
  const now_ms = Date.now();
  const shown = last === undefined ? '' : ` What is below is of ${clock(Date.parse(last.now), now_ms, true)} and may have changed.`;
  const line = element(
    'p',
    { class: 'alarm' },
    icon('unhealthy'),
    element('b', {}, ` ${why} ${since(silent_since, now_ms)}.`),
    `${shown} It is tried again every two seconds.`,
  );
  const known = byId('alarm').firstElementChild;
  if (known) renew(known, line);
  else show('alarm', line);
  byId('sign-in').hidden = true;
  showHead('unhealthy', why, last === undefined ? 'There is no data yet.' : 'This page cannot see the shop at the moment.');
}

async function copy(button) {
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = 'Copied';
  } catch {
    // Without a right to the clipboard, the command is marked for copying by hand.
    getSelection().selectAllChildren(button.previousElementSibling);
    button.textContent = 'Marked';
  }
  announce(`${button.textContent}: ${button.dataset.copy}`);
}
