/** Configuration of a local RabbitMQ: nothing of the machine's own broker is read, shared or touched. */
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { findFreePorts } from '@souk/kernel/ports';

export interface RabbitMqSettings {
  env: Readonly<Record<string, string | undefined>>;
  port: number;
  epmd_port: number;
  management_port: number | undefined;
  metrics_port: number | undefined;
  user: string;
  password: string;
}

export interface SettingsRequest {
  folder: string;
  port: number;
  management: boolean;
  metrics: boolean;
  /** PATH and LANG of the process. */
  inherited: Readonly<Record<string, string | undefined>>;
}

const user = 'souk';
const nodeName = 'souk@localhost';
/** Quorum queues write ahead into files of this size; half a gigabyte, the default, is for bigger machines. */
const walBytesMax = 67_108_864;
const passwordBytes = 24;
/**
 * Threads that run the broker: a quarter of the machine, on which everything else runs as well. One for each core would
 * spend a third of its time handing work to each other, and one moves more messages than the services can make.
 */
const schedulers = Math.max(1, Math.floor(availableParallelism() / 4));

/** Writes the configuration into the folder and chooses free ports. The password is made once and kept there. */
export async function writeSettings({ folder, port, management, metrics, inherited }: SettingsRequest): Promise<RabbitMqSettings> {
  for (const name of ['mnesia', 'log', 'conf.d']) await mkdir(join(folder, name), { recursive: true, mode: 0o700 });
  const password = await keptPassword(join(folder, 'password'));
  const [free, dist, epmd_port, web, exposed] = await findFreePorts(5);
  const amqp = port === 0 ? free : port;
  const management_port = management ? web : undefined;
  const metrics_port = metrics ? exposed : undefined;
  const plugins = [...(management ? ['rabbitmq_management'] : []), ...(metrics ? ['rabbitmq_prometheus'] : [])];
  await writeFile(join(folder, 'rabbitmq.conf'), configuration(amqp as number, { management_port, metrics_port }, password), {
    mode: 0o600,
  });
  await writeFile(join(folder, 'advanced.config'), '[].\n');
  await writeFile(join(folder, 'rabbitmq-env.conf'), '');
  await writeFile(join(folder, 'enabled_plugins'), `[${plugins.join(', ')}].\n`);
  const env = {
    ...inherited,
    HOME: folder,
    RABBITMQ_NODENAME: nodeName,
    RABBITMQ_DIST_PORT: String(dist),
    RABBITMQ_CONF_ENV_FILE: join(folder, 'rabbitmq-env.conf'),
    RABBITMQ_CONFIG_FILE: join(folder, 'rabbitmq.conf'),
    RABBITMQ_CONFIG_FILES: join(folder, 'conf.d'),
    RABBITMQ_ADVANCED_CONFIG_FILE: join(folder, 'advanced.config'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'enabled_plugins'),
    RABBITMQ_MNESIA_BASE: join(folder, 'mnesia'),
    RABBITMQ_LOG_BASE: join(folder, 'log'),
    RABBITMQ_PID_FILE: join(folder, 'server.pid'),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: `-kernel inet_dist_use_interface {127,0,0,1} +S ${schedulers}:${schedulers}`,
    ERL_EPMD_PORT: String(epmd_port),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    ERL_CRASH_DUMP: '/dev/null',
  };
  return { env, port: amqp as number, epmd_port: epmd_port as number, management_port, metrics_port, user, password };
}

type PluginPorts = Pick<RabbitMqSettings, 'management_port' | 'metrics_port'>;

function configuration(port: number, { management_port, metrics_port }: PluginPorts, password: string): string {
  const lines = [
    `listeners.tcp.1 = 127.0.0.1:${port}`,
    `default_user = ${user}`,
    `default_pass = ${password}`,
    `raft.wal_max_size_bytes = ${walBytesMax}`,
    'log.file.level = warning',
    'log.console = false',
  ];
  if (management_port !== undefined) lines.push('management.tcp.ip = 127.0.0.1', `management.tcp.port = ${management_port}`);
  if (metrics_port !== undefined) lines.push('prometheus.tcp.ip = 127.0.0.1', `prometheus.tcp.port = ${metrics_port}`);
  return `${lines.join('\n')}\n`;
}

async function keptPassword(path: string): Promise<string> {
  const kept = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return '';
  });
  if (kept !== '') return kept;
  const password = randomBytes(passwordBytes).toString('hex');
  await writeFile(path, password, { mode: 0o600 });
  return password;
}
