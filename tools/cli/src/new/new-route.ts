/** A route: its declaration, its use case, its entry in the HTTP folder of the service. */
import { type Access, type Method, refusal, routes } from '@souk/contracts';
import { addDependency, addImport, camel, edit, needFree, needService, type Plan, pascal, serviceAndWords } from './plan.ts';
import type { Sources } from './sources.ts';

interface RouteOptions {
  sources: Sources;
  method?: string | undefined;
  path?: string | undefined;
  access?: string | undefined;
}

interface Route {
  service: string;
  words: string;
  method: Method;
  path: string;
  access: Access;
}

const methods: readonly string[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] satisfies Method[];
const accesses: readonly string[] = ['public', 'authenticated', 'staff', 'admin'] satisfies Access[];

export async function newRoute(name: string, { sources, method = 'GET', path, access = 'authenticated' }: RouteOptions): Promise<Plan> {
  const { service, words } = serviceAndWords(name, 'route', 'reviews.list-reviews');
  await needService(sources, service);
  const route = { service, words, method, path: path ?? `/api/${service}`, access } as Route;
  await checkRoute(sources, route);
  await declare(sources, route);
  const useCase = `services/${service}/src/use-cases/${words}.ts`;
  sources.write(useCase, useCaseOf(route));
  await serveIt(sources, route);
  await addDependency(sources, `services/${service}/package.json`, '@souk/contracts');
  return {
    next: [
      `packages/contracts/src/http/${service}.ts: the summary, schemas and errors of ${camel(words)}Route`,
      `${useCase}: what it does, in one transaction; pure decisions in src/domain/, statements in src/store/`,
      `services/${service}/README.md: the line "routes"`,
      'npm run generate; npm run check',
    ],
  };
}

async function checkRoute(sources: Sources, { service, words, method, path, access }: Route): Promise<void> {
  if (!methods.includes(method)) throw refusal('validation_failed', `--method is one of ${methods.join(', ')}`);
  if (!accesses.includes(access)) throw refusal('validation_failed', `--access is one of ${accesses.join(', ')}`);
  if (path.length > 200 || !/^\/api(?:\/[a-z][a-z0-9-]*)+$/.test(path))
    throw refusal('validation_failed', '--path is /api/ and words of small letters, such as /api/reviews; add parameters by hand');
  if (routes.some((route) => route.method === method && route.path === path))
    throw refusal('validation_failed', `${method} ${path} exists already; name another --path.`);
  await needFree(sources, [`services/${service}/src/use-cases/${words}.ts`]);
  const contract = `packages/contracts/src/http/${service}.ts`;
  const declared = (await sources.has(contract)) ? await sources.read(contract) : '';
  if (declared.includes(`export const ${camel(words)}Route =`)) throw refusal('validation_failed', `${camel(words)}Route exists already.`);
}

async function declare(sources: Sources, route: Route): Promise<void> {
  const { service, words } = route;
  const path = `packages/contracts/src/http/${service}.ts`;
  const name = `${camel(words)}Route`;
  if (await sources.has(path)) {
    await edit(
      sources,
      path,
      new RegExp(`^export const ${service}Routes = \\[`, 'm'),
      (match) => `${declarationOf(route)}\n\n${match}${name}, `,
    );
    await addImport(sources, path, `import { Timestamp } from '../fields.ts';`);
    return;
  }
  const imports = `import Type from 'typebox';\nimport { defineRoute } from '../define-route.ts';\nimport { Timestamp } from '../fields.ts';`;
  sources.write(path, `${imports}\n\n${declarationOf(route)}\n\nexport const ${service}Routes = [${name}] as const;\n`);
  const index = 'packages/contracts/src/http/index.ts';
  await addImport(sources, index, `import { ${service}Routes } from './${service}.ts';`);
  await edit(sources, index, /\nexport const routes/, (match) => `export * from './${service}.ts';\n${match}`);
  await edit(sources, index, / {2}\.\.\.gatewayRoutes,\n/, (match) => `  ...${service}Routes,\n${match}`);
}

function declarationOf({ service, words, method, path, access }: Route): string {
  return `export const ${camel(words)}Route = defineRoute({
  method: '${method}',
  path: '${path}',
  service: '${service}',
  summary: '${sentenceOf(words)}',
  access: '${access}',
  limit: '${method === 'GET' ? 'read' : 'write'}',
  responses: { 200: Type.Object({ answered_at: Timestamp }) },
});`;
}

function useCaseOf({ service, words }: Route): string {
  return `import { timestamp } from '@souk/kernel';
import type { ${pascal(service)}Context } from '../context.ts';

export async function ${camel(words)}({ clock }: ${pascal(service)}Context) {
  return { answered_at: timestamp(clock.now()) };
}
`;
}

async function serveIt(sources: Sources, { service, words }: Route): Promise<void> {
  const path = `services/${service}/src/http/${service}.ts`;
  const [declared, useCase] = [`${camel(words)}Route`, camel(words)];
  const entry = `  serve(${declared}, async (ctx: ${pascal(service)}Context) => answer(200, await ${useCase}(ctx))),\n`;
  const useCaseImport = `import { ${useCase} } from '../use-cases/${words}.ts';`;
  await addDependency(sources, `services/${service}/package.json`, '@souk/kernel');
  if (await sources.has(path)) {
    await addImport(sources, path, `import { ${declared} } from '@souk/contracts';`);
    await addImport(sources, path, useCaseImport);
    return edit(sources, path, /\bserve\(/, (match) => `${entry.trimStart()}  ${match}`);
  }
  const list = `${service}HttpRoutes`;
  sources.write(
    path,
    `import { ${declared} } from '@souk/contracts';
import { answer, serve } from '@souk/service-kit';
import type { ${pascal(service)}Context } from '../context.ts';
${useCaseImport}

export const ${list} = [
${entry}];
`,
  );
  const built = `services/${service}/src/service.ts`;
  await addImport(sources, built, `import { ${list} } from './http/${service}.ts';`);
  return edit(sources, built, /\broutes: (?:\[[^\]]*\]|\w+),/, (match) => `routes: [${others(match)}...${list}],`);
}

/** What a list of routes holds already, as the beginning of a longer one. */
function others(list: string): string {
  const listed = list.replace(/^routes: /, '').replace(/,$/, '');
  if (!listed.startsWith('[')) return `...${listed}, `;
  const inner = listed.slice(1, -1).trim().replace(/,$/, '');
  return inner === '' ? '' : `${inner}, `;
}

/** `list-reviews` → `List reviews`. */
function sentenceOf(words: string): string {
  const sentence = words.replaceAll('-', ' ');
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}
