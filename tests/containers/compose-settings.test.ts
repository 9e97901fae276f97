/** What is passed from .env to the containers: every setting to the service that reads it, every secret to the service that needs it. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { serviceNames } from '@souk/contracts';
import { required } from '@souk/kernel';
import {
  type Compose,
  type ComposeService,
  documentedVariables,
  interpolated,
  loadedConfigs,
  madeVariables,
  readCompose,
  textOf,
  variableUses,
} from './_compose.ts';

const secretName = /PASSWORD|PASS$|TOKEN|SECRET|REDISCLI_AUTH/;

let compose: Compose;
let text: string;

const serviceOf = (name: string): ComposeService => required(compose.services[name], `service ${name}`);

describe('the settings in compose.yaml', () => {
  before(async () => {
    compose = await readCompose();
    text = await textOf('compose.yaml');
  });

  it('give each service the variables it requires, and none that it does not know or that are not documented', async () => {
    const documented = await documentedVariables();
    const addresses = serviceNames.map((name) => `${name.toUpperCase()}_URL`);
    for (const name of serviceNames) {
      const given = new Set(Object.keys(serviceOf(name).environment ?? {}));
      const known = documented.filter(({ services }) => services === 'all' || services.split(', ').includes(name));
      for (const { variable, required: isRequired } of known) if (isRequired) assert.ok(given.has(variable), `${name} lacks ${variable}`);
      const names = new Set([...known.map(({ variable }) => variable), ...addresses]);
      for (const variable of given) assert.ok(names.has(variable), `${name} is given ${variable}, which nothing documents`);
      for (const variable of ['AMQP_URL', 'REDIS_URL']) assert.ok(given.has(variable), `${name} is in the distributed world: ${variable}`);
    }
  });

  it('reach each service that reads one: every documented one is passed, or docs/containers.md says why not', async () => {
    const documented = await documentedVariables();
    const heading = '## Settings';
    const section = (await textOf('docs/containers.md')).split(heading)[1]?.split('\n## ')[0] ?? '';
    const excepted = new Map(
      [...section.matchAll(/^\| (`[A-Z_`, ]+`) \| (.+) \|$/gm)].flatMap(([, names = '', why = '']) =>
        [...names.matchAll(/`([A-Z_]+)`/g)].map(([, name = '']) => [name, why] as const),
      ),
    );
    for (const { variable, services } of documented.filter((each) => each.services !== 'docker compose')) {
      if (excepted.has(variable)) continue;
      const readers = serviceNames.filter((name) => services === 'all' || services.split(', ').includes(name));
      for (const name of readers.length === 0 ? ['seed'] : readers)
        assert.match(
          serviceOf(name).environment?.[variable] ?? '',
          new RegExp(`^\\$\\{${variable}:[-?]`),
          `${name} is not given ${variable}: write ${variable}: '\${${variable}:-}' in compose.yaml, or under "${heading}" in docs/containers.md why not`,
        );
    }
    const known = new Set(documented.map(({ variable }) => variable));
    for (const [variable, why] of excepted) {
      assert.ok(known.has(variable), `docs/containers.md excepts ${variable}, which nothing reads`);
      assert.ok(why.length > 15, variable);
      assert.ok(
        !variableUses(text).some(({ name }) => name === variable),
        `docs/containers.md excepts ${variable}, which compose.yaml passes`,
      );
    }
  });

  it('use only variables that are documented, and all that souk env writes', async () => {
    const made = await madeVariables();
    const known = new Set([...made.keys(), ...(await documentedVariables()).map(({ variable }) => variable)]);
    const used = new Set(variableUses(text).map(({ name }) => name));
    for (const name of used) assert.ok(known.has(name), name);
    for (const name of made.keys()) assert.ok(used.has(name), name);
  });

  it('are what each service takes: with nothing set but the secrets its defaults, and a setting where one is set', async () => {
    const made = await madeVariables();
    await Promise.all(
      serviceNames.map(async (name) => {
        const { environment = {} } = serviceOf(name);
        const given = (variables: ReadonlyMap<string, string>): Record<string, string> =>
          Object.fromEntries(Object.entries(environment).map(([variable, value]) => [variable, interpolated(value, variables)]));
        const defaults = given(made);
        const [plain, bare, changed] = await loadedConfigs(name, [
          defaults,
          Object.fromEntries(Object.entries(defaults).filter(([, value]) => value !== '')),
          given(new Map([...made, ['SHUTDOWN_TIMEOUT_MS', '7000']])),
        ]);
        assert.deepEqual(plain, bare, `${name} takes an empty variable for a setting`);
        assert.deepEqual(changed, { ...plain, shutdown_timeout_ms: 7_000 });
      }),
    );
  });

  it('are complete after cp .env.example .env and souk env, and before that compose says in one line what is missing', async () => {
    const example = await textOf('.env.example');
    const secrets = variableUses(text).filter(({ form }) => form === ':?');
    for (const { name } of secrets) {
      const [before = '', after] = example.split(`\n#${name}=\n`);
      assert.ok(after !== undefined, `.env.example lacks ${name}`);
      assert.match(before.split('\n').at(-1) ?? '', /^# .*Secret\. Required\.$/, name);
    }
    assert.match(example, /souk -- env/);
    // What is copied sets nothing, so that souk env adds all of it.
    assert.deepEqual(example.match(/^[^#\n].*$/gm), null);
    const values = Object.values(compose.services).flatMap(({ environment = {} }) => Object.values(environment));
    for (const value of values.filter((each) => each.includes(':?')))
      assert.throws(() => interpolated(value, new Map()), /^Error: required variable [A-Z_]+ is missing a value: run npm run souk -- env$/);
    const made = await madeVariables();
    for (const value of values) interpolated(value, made);
  });

  it('hold no password: each comes from .env, is refused when missing, and is random there', async () => {
    const made = await madeVariables();
    const again = await madeVariables();
    const optional = variableUses(text).filter(({ name }) => secretName.test(name) && !made.has(name));
    // A secret of a setting that may be absent has no default, and nothing is made for it.
    for (const { name, form, rest } of optional) assert.deepEqual([form, rest], [':-', ''], name);
    const names = variableUses(text).filter(({ name }) => secretName.test(name) && made.has(name));
    assert.ok(names.length > 15);
    for (const { name, form, rest } of names) {
      assert.equal(form, ':?', `${name} must be refused when it is missing`);
      assert.equal(rest, 'run npm run souk -- env');
      assert.match(made.get(name) ?? '', /^[A-Za-z0-9_-]{32,}$/, name);
      assert.notEqual(made.get(name), again.get(name), `${name} is the same each time`);
    }
    for (const [service, { environment = {} }] of Object.entries(compose.services))
      for (const [variable, value] of Object.entries(environment))
        if (secretName.test(variable)) assert.match(value, /^\$\{[A-Z_]+:(\?[^}]+|-)\}$/, `${service}: ${variable} holds a fixed value`);
    // In addresses, what stands between the user and the host.
    for (const [, password = ''] of text.matchAll(/:\/\/[a-z]*:([^@\s]+)@/g)) assert.match(password, /^\$\{[A-Z_]+:\?[^}]+\}$/);
  });
});
