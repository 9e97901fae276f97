// What scripts add to the pages of the shop. Each part begins at a data attribute that a page has; without it, or without this file, the page is whole.
// Markup is made by the shop alone: what has changed is read anew as a document, of which parts are put in place.

const quietMs = 200;
const typingMs = 150;

/** The latest call after a pause. */
function debounced(run, pause_ms) {
  let timer;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(run, pause_ms);
  };
}

/** This page as it is now; undefined where there is none. */
function readPage() {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.responseType = 'document';
    request.onload = () => resolve(request.status === 200 ? (request.responseXML ?? undefined) : undefined);
    request.onerror = () => resolve(undefined);
    request.open('GET', location.pathname + location.search);
    request.send();
  });
}

/** Shows in these parts what they hold now. They stay themselves: what reads changes out listens to them. */
async function renew(selectors) {
  const fresh = await readPage();
  for (const selector of selectors) {
    const [before, after] = [document.querySelector(selector), fresh?.querySelector(selector)];
    if (before && after && !before.isEqualNode(after)) before.replaceChildren(...document.importNode(after, true).childNodes);
  }
}

/** A stream that is closed while the page is not looked at, and begun anew when it is. */
function follow(address, names, changed) {
  let source;
  const open = () => {
    source?.close();
    source = undefined;
    if (document.visibilityState === 'hidden') return;
    source = new EventSource(address);
    for (const name of names) source.addEventListener(name, changed);
  };
  document.addEventListener('visibilitychange', open);
  addEventListener('pagehide', () => source?.close());
  open();
}

/** An order changes while it is looked at. */
function liveOrder(element) {
  const statuses = ['pending', 'awaiting_payment', 'confirmed', 'shipped', 'completed', 'cancelled'];
  const renewed = debounced(() => renew(['main .heading', 'main .buying']), quietMs);
  follow(element.dataset.orderEvents, statuses, renewed);
}

/** Pieces are sold and come in while a thing is looked at. */
function liveStock(element) {
  let shown = element.dataset.pieces;
  follow(element.dataset.stockEvents, ['stock'], ({ data }) => {
    const { available } = JSON.parse(data);
    if (String(available) === shown) return;
    const wasSoldOut = shown === '0';
    shown = String(available);
    // The number that is typed stays, unless the form comes or goes.
    void renew(wasSoldOut === (shown === '0') ? ['main .count'] : ['main .count', 'main .adding']);
  });
}

/** Below the field of the search: what may be meant, by keyboard too (ARIA combobox with a list). */
function suggestions(input) {
  const list = document.createElement('ul');
  list.id = 'suggestions';
  list.className = 'suggestions';
  list.setAttribute('role', 'listbox');
  list.setAttribute('aria-label', input.dataset.suggestions);
  list.hidden = true;
  input.after(list);
  for (const [name, value] of [
    ['role', 'combobox'],
    ['aria-autocomplete', 'list'],
    ['aria-controls', list.id],
    ['aria-expanded', 'false'],
  ])
    input.setAttribute(name, value);
  let asked = 0;
  let chosen = -1;

  const choose = (place) => {
    chosen = place;
    [...list.children].forEach((option, index) => {
      option.setAttribute('aria-selected', String(index === chosen));
    });
    const option = list.children[chosen];
    if (option === undefined) input.removeAttribute('aria-activedescendant');
    else input.setAttribute('aria-activedescendant', option.id);
  };
  const show = (found) => {
    list.replaceChildren(...found.map(optionOf));
    list.hidden = found.length === 0;
    input.setAttribute('aria-expanded', String(found.length > 0));
    choose(-1);
  };
  const ask = debounced(async () => {
    asked += 1;
    const own = asked;
    const q = input.value.trim();
    const answer =
      q.length < 2 ? undefined : await fetch(`/api/products/suggestions?q=${encodeURIComponent(q.slice(0, 100))}`).catch(() => undefined);
    const found = answer?.ok ? await answer.json().catch(() => []) : [];
    // The answer to what was typed before comes late.
    if (own === asked && document.activeElement === input) show(found);
  }, typingMs);
  const go = (option) => location.assign(option.dataset.to);

  input.addEventListener('input', ask);
  input.addEventListener('blur', () => {
    asked += 1;
    show([]);
  });
  // A press moves the focus, and with that the list would be gone.
  list.addEventListener('pointerdown', (event) => event.preventDefault());
  list.addEventListener('click', ({ target }) => {
    const option = target.closest('[role=option]');
    if (option !== null) go(option);
  });
  input.addEventListener('keydown', (event) => {
    const count = list.children.length;
    if (count === 0) return;
    if (event.key === 'Escape') show([]);
    else if (event.key === 'ArrowDown') choose((chosen + 1) % count);
    else if (event.key === 'ArrowUp') choose((chosen <= 0 ? count : chosen) - 1);
    else if (event.key === 'Enter' && chosen >= 0) go(list.children[chosen]);
    else return;
    event.preventDefault();
  });
}

function optionOf({ product_id, name, category }, index) {
  const option = document.createElement('li');
  option.id = `suggestion-${index + 1}`;
  option.setAttribute('role', 'option');
  option.setAttribute('aria-selected', 'false');
  option.dataset.to = `/p/${encodeURIComponent(product_id)}`;
  const title = document.createElement('span');
  title.dir = 'auto';
  title.textContent = name;
  option.append(title);
  if (category !== null) {
    const place = document.createElement('span');
    place.className = 'quiet';
    place.dir = 'auto';
    place.textContent = category;
    option.append(' ', place);
  }
  return option;
}

for (const [selector, begin] of [
  ['[data-order-events]', liveOrder],
  ['[data-stock-events]', liveStock],
  ['input[data-suggestions]', suggestions],
])
  for (const element of document.querySelectorAll(selector)) begin(element);
