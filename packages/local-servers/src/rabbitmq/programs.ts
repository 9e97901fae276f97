import { realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { findProgram, firstPresent } from '../find-program.ts';

export interface RabbitMqPrograms {
  server: string;
  ctl: string;
  epmd: string;
}

/** Packages put wrappers into the PATH that change the account and the folder; the programs themselves lie here. */
const packagedFolders = ['/usr/lib/rabbitmq/bin', '/opt/rabbitmq/sbin'];

/** The programs of RabbitMQ and Erlang by a PATH; undefined when RabbitMQ is not installed. */
export async function findRabbitMq(path: string): Promise<RabbitMqPrograms | undefined> {
  const [server, erl] = [await findProgram('rabbitmq-server', path), await findProgram('erl', path)];
  const besideErlang = erl === undefined ? [] : [join(dirname(await realpath(erl)), 'epmd')];
  const epmd = (await findProgram('epmd', path)) ?? (await firstPresent(besideErlang));
  if (server === undefined || epmd === undefined) return undefined;
  const folders = [dirname(await realpath(server)), ...packagedFolders];
  const script = await firstPresent(folders.map((folder) => join(folder, 'rabbitmq-env')));
  if (script === undefined) return undefined;
  return { server: join(dirname(script), 'rabbitmq-server'), ctl: join(dirname(script), 'rabbitmqctl'), epmd };
}
