/** Configuration of the process that seeds a distributed platform; `souk up` sets all of it. */
export interface SeedConfig {
  home: string;
  sample: boolean;
  env: Readonly<Record<string, string | undefined>>;
}

export function readSeedConfig(env: SeedConfig['env'] = process.env): SeedConfig {
  return { home: env['SOUK_HOME'] ?? '.souk', sample: !['0', 'false'].includes(env['SOUK_SAMPLE'] ?? ''), env };
}
