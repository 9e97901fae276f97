/** Adds to a page of the reference what needs a script: search, sign-in and sending requests. The token is in memory only. */

let token = '';
let documentLoading;

const element = (name, attributes = {}, ...children) => {
  const made = Object.assign(document.createElement(name), attributes);
  made.append(...children);
  return made;
};

const field = (id, label, input) => [element('label', { htmlFor: id, textContent: label }), Object.assign(input, { id })];

/** Loaded once, when the first request is prepared. */
function openApi() {
  documentLoading ??= fetch('/openapi.json').then((answer) =>
    answer.ok ? answer.json() : Promise.reject(new Error(`status ${answer.status}`)),
  );
  return documentLoading;
}

function startSearch() {
  const box = document.getElementById('search');
  const sections = [...document.querySelectorAll('main > section, main tbody tr')];
  if (!box || sections.length < 2) return;
  const input = document.getElementById('find');
  const found = document.getElementById('found');
  box.hidden = false;
  input.addEventListener('input', () => {
    const wanted = input.value.trim().toLowerCase().split(/\s+/);
    let count = 0;
    for (const section of sections) {
      const text = section.textContent.toLowerCase();
      section.hidden = !wanted.every((word) => text.includes(word)) && !section.querySelector('input:focus');
      if (!section.hidden) count += 1;
    }
    found.value = input.value.trim() === '' ? '' : `${count} found`;
  });
}

async function signIn(form, result) {
  const given = Object.fromEntries([...new FormData(form)].filter(([, value]) => value !== ''));
  const answer = await fetch('/api/auth/login', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(given),
  });
  const body = await answer.json();
  token = answer.ok ? body.access_token : '';
  form.elements.password.value = '';
  result.className = answer.ok ? '' : 'bad';
  result.textContent = answer.ok ? 'Signed in until this page is left.' : `${body.code}: ${body.detail}`;
}

function addSignIn(before) {
  const result = element('p', { role: 'status' });
  const form = element(
    'form',
    {},
    ...field('login', 'User name or e-mail', element('input', { name: 'login', autocomplete: 'username', required: true })),
    ...field(
      'password',
      'Password',
      element('input', { name: 'password', type: 'password', autocomplete: 'current-password', required: true }),
    ),
    ...field('code', 'Code of the second factor, where there is one', element('input', { name: 'code', autocomplete: 'one-time-code' })),
    element('button', { textContent: 'Sign in' }),
    result,
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    signIn(form, result).catch((error) => Object.assign(result, { className: 'bad', textContent: String(error) }));
  });
  before.before(element('details', {}, element('summary', { textContent: 'Sign in to send requests' }), form));
}

const resolve = (api, part) =>
  part.$ref === undefined
    ? part
    : part.$ref
        .slice(2)
        .split('/')
        .reduce((found, name) => found[name], api);

/** The form of one route, from the published document. */
function requestForm(api, section, method, path) {
  const operation = api.paths[path][method.toLowerCase()];
  const parameters = operation.parameters.map((part) => resolve(api, part)).filter(({ name }) => name !== 'traceparent');
  const [type, content] = Object.entries(operation.requestBody?.content ?? {})[0] ?? [];
  const inputs = parameters.map((parameter) => {
    const value = parameter.required ? String(parameter.example ?? '') : '';
    return { parameter, input: element('input', { value, required: parameter.required, placeholder: String(parameter.example ?? '') }) };
  });
  const body = type && element('textarea', { rows: 8, value: text(content.example) });
  const result = element('pre', { role: 'group', tabIndex: 0, hidden: true, ariaLabel: 'The answer' });
  const status = element('p', { role: 'status' });
  const form = element(
    'form',
    {},
    ...inputs.flatMap(({ parameter, input }) => field(`${section.id}-${parameter.name}`, `${parameter.name} (${parameter.in})`, input)),
    ...(body ? field(`${section.id}-body`, 'Body', body) : []),
    element('button', { textContent: 'Send' }),
    status,
    result,
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    status.textContent = 'Waiting for the answer.';
    send(method, path, inputs, type, body)
      .then(({ answer, shown }) => {
        status.className = answer.ok ? '' : 'bad';
        status.textContent = `${answer.status} ${answer.statusText}`;
        Object.assign(result, { hidden: false, textContent: shown });
      })
      .catch((error) => Object.assign(status, { className: 'bad', textContent: String(error) }));
  });
  return form;
}

const text = (value) => (typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value, null, 2));

async function send(method, path, inputs, type, body) {
  const given = inputs.filter(({ input }) => input.value !== '');
  const of = (place) =>
    given.filter(({ parameter }) => parameter.in === place).map(({ parameter, input }) => [parameter.name, input.value]);
  const address = of('path').reduce((filled, [name, value]) => filled.replace(`{${name}}`, encodeURIComponent(value)), path);
  const query = new URLSearchParams(of('query')).toString();
  const headers = Object.fromEntries(of('header'));
  if (token) headers.authorization = `Bearer ${token}`;
  const content = body?.value.trim() ? body.value : undefined;
  if (content !== undefined) headers['content-type'] = type;
  const answer = await fetch(query ? `${address}?${query}` : address, { method, headers, body: content, redirect: 'error' });
  const answered = await answer.text();
  const lines = [...answer.headers].map(([name, value]) => `${name}: ${value}`);
  const isJson = /json/.test(answer.headers.get('content-type') ?? '');
  return { answer, shown: `${lines.join('\n')}\n\n${isJson && answered ? text(JSON.parse(answered)) : answered.slice(0, 100_000)}` };
}

function addSending(section) {
  const [method, path] = section.dataset.route.split(' ');
  const status = element('p', { role: 'status' });
  const button = element('button', { type: 'button', textContent: `Send ${section.dataset.route}` });
  button.addEventListener('click', () => {
    openApi().then(
      (api) => {
        const form = requestForm(api, section, method, path);
        button.replaceWith(form);
        form.querySelector('input, textarea, button').focus();
      },
      (error) => Object.assign(status, { className: 'bad', textContent: `The document cannot be read: ${error.message}` }),
    );
  });
  section.append(button, status);
}

startSearch();
const routes = [...document.querySelectorAll('section[data-route]')];
if (routes.length > 0) addSignIn(routes[0]);
for (const section of routes) addSending(section);
