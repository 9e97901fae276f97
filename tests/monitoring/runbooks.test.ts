/** Nothing is typed at night that is not there: every command, route, port, container and metric of the runbooks exists. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { access, readFile } from 'node:fs/promises';
import { before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { metricTable, portOffsets, processMetrics, routes } from '@souk/contracts';
import { parse } from 'yaml';
import { expressions } from './_committed.ts';
import { selectorsOf } from './_promql.ts';
import { type Runbook, readRunbooks } from './_runbooks.ts';

const root = new URL('../../', import.meta.url);
const run = promisify(execFile);
const textOf = (path: string): Promise<string> => readFile(new URL(path, root), 'utf8');
/** What every process answers about itself, and the chaos switches of services. */
const aboutItself = ['/health', '/health/live', '/health/ready', '/metrics', '/chaos'];

const default_port_base = 8_000;
const ports = Object.values(portOffsets).map((offset) => default_port_base + offset);

describe('the runbooks', () => {
  let runbooks: Runbook[];
  before(async () => {
    runbooks = await readRunbooks();
  });

  it('name only commands of this repository', async () => {
    const { scripts } = JSON.parse(await textOf('package.json')) as { scripts: Record<string, string> };
    const { stdout: help } = await run(process.execPath, [fileURLToPath(new URL('tools/cli/src/main.ts', root)), 'help']);
    for (const { file, commands } of runbooks)
      for (const command of commands) {
        for (const [, script = ''] of command.matchAll(/npm run (?:--silent )?([a-z]+)/g))
          assert.ok(scripts[script], `${file}: ${command}`);
        for (const [, name = ''] of command.matchAll(/souk -- ([a-z]+)/g))
          assert.match(help, new RegExp(`^ {2}${name} `, 'm'), `${file}: ${command}`);
        assert.match(command, /^(npm|curl|docker compose|uptime|ls|PGPASSWORD=|[A-Z]+=\$\(npm|rabbitmq|souk)/, `${file}: ${command}`);
      }
  });

  it('ask only routes that are declared, at the ports of the platform', () => {
    for (const { file, commands, text } of runbooks) {
      for (const [, port = '', path = ''] of commands.join('\n').matchAll(/http:\/\/127\.0\.0\.1:(\d+)(\/[^\s?"'`]*)/g)) {
        assert.ok(ports.includes(Number(port)), `${file}: port ${port}`);
        assert.ok(aboutItself.includes(path) || routes.some((route) => route.path === path), `${file}: ${path}`);
      }
      for (const [, path = ''] of text.matchAll(/`(\/(?:api|registry)\/[^`\s]*)`/g))
        assert.ok(
          routes.some((route) => route.path === path),
          `${file}: ${path}`,
        );
    }
  });

  it('name only containers that are composed', async () => {
    const { services } = parse(await textOf('compose.yaml'), { merge: true }) as { services: Record<string, object> };
    const verbs = /^docker compose (ps|logs|restart|stop|up|exec|top)\b(.*)$/;
    for (const { file, commands } of runbooks)
      for (const command of commands.filter((line) => line.startsWith('docker'))) {
        const [, verb = '', rest = ''] = verbs.exec(command) ?? [];
        assert.ok(verb, `${file}: ${command}`);
        const words = rest
          .trim()
          .split(/\s+/)
          .filter((word) => word !== '' && !word.startsWith('--') && !/^\d+[mh]?$/.test(word));
        const named = verb === 'exec' ? words.slice(0, 1) : words;
        for (const name of named) assert.ok(services[name], `${file}: ${command}: there is no container ${name}`);
      }
  });

  it('name only metrics that are reported', async () => {
    const shown = new Set((await expressions()).flatMap(({ expr }) => selectorsOf(expr).map(({ metric }) => metric)));
    const known = (name: string): boolean => Object.hasOwn(metricTable, name) || Object.hasOwn(processMetrics, name) || shown.has(name);
    for (const { file, text } of runbooks)
      for (const [, name = ''] of text.matchAll(/`((?:souk|redis|process|nodejs)_[a-z0-9_]+|pg_up)`/g))
        assert.ok(known(name), `${file}: ${name}`);
  });

  it('link only to what is there', async () => {
    for (const { file, text } of runbooks)
      for (const [, link = ''] of text.matchAll(/\]\(([a-z.][^)]*)\)/g))
        if (!link.startsWith('http')) await access(new URL(link, new URL(`docs/runbooks/${file}`, root)));
  });
});
