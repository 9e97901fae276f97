/** Looks every two seconds, shows what was told, and says so when nobody answers. */
import { element, icon, iconAddress, renew, show } from './status-elements.js';
import { ask, createSession } from './status-session.js';
import { checkoutsPart, lettersPart, missingPart, queuesPart } from './status-tables.js';
import { mapPart, troublesPart } from './status-view.js';
import { clock, headline, plural, shorter, since, zone } from './status-words.js';

const lookEveryMs = 2_000;
const ratesKept = 60;

const session = createSession();
const rates = new Map();
const byId = (id) => document.getElementById(id);
let last;
let silent_since;
let refused;
let timer;
let said;

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
  if (!document.hidden && session.signedIn()) void look();
});
byId('foot').textContent =
  `Times are local (${zone(Date.now())}). Rates are over the last seconds, latencies are estimated from a histogram.`;

if (session.signedIn()) void look();
else askToSignIn('For the staff of the shop.');

async function signIn() {
  const [login, password] = [byId('login'), byId('password')];
  const why = await session.signIn(login.value, password.value).catch(() => 'The gateway cannot be reached.');
  password.value = '';
  if (why !== undefined) {
    byId('sign-in-why').textContent = why;
    tell(why);
    password.focus();
    return;
  }
  byId('main').focus();
  await look();
}

function askToSignIn(why) {
  clearTimeout(timer);
  [last, silent_since, refused] = [undefined, undefined, undefined];
  byId('sign-in').hidden = false;
  byId('sign-out').hidden = true;
  byId('sign-in-why').textContent = why;
  byId('headline').textContent = 'Sign in to see how the shop is';
  byId('subline').textContent = '';
  byId('told').textContent = '';
  document.title = 'Souk status';
  show('hero-icon', icon('notice'));
  show('alarm');
  show('view');
  byId('login').focus();
}

async function look() {
  clearTimeout(timer);
  try {
    const answer = await asked();
    if (answer.status === 200) heard(answer.body);
    else if (answer.status === 401) return askToSignIn('The sign-in has ended. Please sign in again.');
    else if (answer.status === 403) {
      session.forget();
      return askToSignIn('This account is not of the staff. Sign in with one that is.');
    } else unheard(`The gateway answers ${answer.status}${answer.body?.detail ? `: ${answer.body.detail}` : ''}`);
  } catch (error) {
    if (!error.unreachable) throw error;
    unheard('The gateway cannot be reached');
  }
  timer = setTimeout(look, document.hidden ? lookEveryMs * 5 : lookEveryMs);
}

/** With a token that is good; one that is refused is renewed once. */
async function asked() {
  const answer = await ask('/api/status', { token: await session.token() });
  if (answer.status !== 401 || !(await session.again())) return answer;
  return ask('/api/status', { token: await session.token() });
}

function heard(status) {
  const now_ms = Date.parse(status.now);
  [last, silent_since, refused] = [status, undefined, undefined];
  for (const { name, requests } of status.services) {
    if (requests !== null) rates.set(name, [...(rates.get(name) ?? []), requests.per_second].slice(-ratesKept));
  }
  byId('sign-in').hidden = true;
  byId('sign-out').hidden = false;
  byId('told').textContent = `Told by ${shorter(status.told_by.instance_id)} at ${clock(now_ms, now_ms, true)}`;
  show('alarm');
  showHead(status.status, headline(status.status), sublineOf(status, now_ms));
  const side = [checkoutsPart(status, now_ms), lettersPart(status, now_ms), missingPart(status)];
  show(
    'view',
    troublesPart(status, now_ms),
    mapPart(status, now_ms, rates),
    element('div', { class: 'columns', 'data-key': 'columns' }, element('div', {}, queuesPart(status)), element('div', {}, side)),
  );
}

function sublineOf({ troubles, told_by }, now_ms) {
  const real = troubles.filter(({ severity }) => severity !== 'notice');
  const notes = troubles.length - real.length;
  const noted = notes === 0 ? '' : `; ${plural(notes, 'thing')} to note`;
  if (real.length === 0) return `Watched ${since(told_by.looking_since, now_ms)}${noted}.`;
  const first = real.reduce((oldest, one) => (one.since < oldest.since ? one : oldest));
  return `${plural(real.length, 'trouble')}, the first ${since(first.since, now_ms, first.since_at_least)}${noted}.`;
}

function showHead(status, words, subline) {
  byId('headline').textContent = words;
  byId('subline').textContent = subline;
  show('hero-icon', icon(status));
  document.title = `${words} – Souk status`;
  const address = iconAddress(status);
  if (byId('icon').href !== address) byId('icon').href = address;
  tell(words);
}

/** For those who hear the page: only when it is something new. */
function tell(words) {
  if (said === words) return;
  said = words;
  byId('said').textContent = words;
}

function unheard(why) {
  if (refused !== why) silent_since = new Date().toISOString();
  refused = why;
  const now_ms = Date.now();
  const shown = last === undefined ? '' : ` What is below was told at ${clock(Date.parse(last.now), now_ms, true)} and may have changed.`;
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
  showHead('unhealthy', why, last === undefined ? 'Nothing has been told yet.' : 'This page cannot see the shop at the moment.');
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
  tell(`${button.textContent}: ${button.dataset.copy}`);
}
