/** What the `souk` command itself reads; the services' own variables come from their configuration schemas. */
export interface CommandVariable {
  variable: string;
  default: string;
  meaning: string;
}

export const commandVariables: readonly CommandVariable[] = [
  { variable: 'PORT_BASE', default: '8000', meaning: 'First port: the gateway; the services follow from +1 on.' },
  { variable: 'SOUK_HOME', default: '.souk', meaning: 'Folder for everything the embedded world keeps; by default beside package.json.' },
  { variable: 'SOUK_SAMPLE', default: '1', meaning: '0 leaves the sample catalogue and customers out.' },
  {
    variable: 'SOUK_DRILLS',
    default: '1',
    meaning:
      'Whether administrators may start drills in the console. 0 where SHOP_URL, TRUSTED_PROXIES or NODE_ENV=production is set, unless it says 1.',
  },
  { variable: 'LOG_LEVEL', default: 'warn', meaning: 'Least important lines npm start writes: debug, info, warn, error or silent.' },
  { variable: 'RATE_LIMIT', default: 'on', meaning: 'off for load tests: nothing is counted.' },
  {
    variable: 'SOUK_ENV_FILE',
    default: '.env',
    meaning: 'File of variables that every command reads; by default beside package.json; 0 reads none.',
  },
  { variable: 'SOUK_INSTALL', default: '', meaning: '0 keeps the commands from installing missing packages.' },
];
