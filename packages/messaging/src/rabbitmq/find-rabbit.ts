/** Where the programs of RabbitMQ and Erlang are on this machine. */
import { access, constants, realpath } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';

export interface RabbitPrograms {
  server: string;
  ctl: string;
  epmd: string;
}

/** Packages put wrappers into the PATH that change the account and the folder; the programs themselves lie here. */
const packagedFolders = ['/usr/lib/rabbitmq/bin', '/opt/rabbitmq/sbin'];

/** Finds the programs by a PATH; undefined when RabbitMQ is not installed. */
export async function findRabbit(path: string): Promise<RabbitPrograms | undefined> {
  const server = await inPath('rabbitmq-server', path);
  const epmd = (await inPath('epmd', path)) ?? (await besideErlang(path));
  if (server === undefined || epmd === undefined) return undefined;
  for (const folder of [dirname(await realpath(server)), ...packagedFolders]) {
    if (await present(join(folder, 'rabbitmq-env')))
      return { server: join(folder, 'rabbitmq-server'), ctl: join(folder, 'rabbitmqctl'), epmd };
  }
  return undefined;
}

async function besideErlang(path: string): Promise<string | undefined> {
  const erl = await inPath('erl', path);
  if (erl === undefined) return undefined;
  const epmd = join(dirname(await realpath(erl)), 'epmd');
  return (await present(epmd)) ? epmd : undefined;
}

async function inPath(program: string, path: string): Promise<string | undefined> {
  for (const folder of path.split(delimiter)) if (folder !== '' && (await present(join(folder, program)))) return join(folder, program);
  return undefined;
}

function present(path: string): Promise<boolean> {
  return access(path, constants.R_OK).then(
    () => true,
    () => false,
  );
}
