/** The ways between services: a connection to a port that has a door goes through the door, whichever way it is opened. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { claimPortBlock } from '@souk/kernel/ports';
import { leadThroughDoors } from '../src/inside/ways.ts';
import { openTcpProxy, type TcpProxy } from '../src/tcp-proxy.ts';

describe('a way between services', () => {
  let folder: string;
  let server: Server;
  let door: TcpProxy;
  let port: number;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'souk-doors-'));
    server = createServer((_, answer) => answer.end('well')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    door = await openTcpProxy({ host: '127.0.0.1', port: (server.address() as AddressInfo).port });
    // The door is in this process too: a port at which nothing listens stands for that of the service, so that its own way is straight.
    port = await claimPortBlock(1);
    await writeFile(join(folder, 'doors.json'), JSON.stringify({ [port]: door.port }));
    leadThroughDoors(join(folder, 'doors.json'));
  });
  after(async () => {
    await door?.close();
    server?.closeAllConnections();
    server?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('is the door, for options, for positional arguments and for fetch', async () => {
    const opened = [connect({ port, host: '127.0.0.1' }), connect(port, '127.0.0.1'), connect(port)];
    for (const socket of opened) {
      await once(socket, 'connect');
      assert.equal(socket.remotePort, door.port);
      socket.destroy();
    }
    assert.equal(await (await fetch(`http://127.0.0.1:${port}/`)).text(), 'well');
    const { end } = door.disturb('cut');
    await assert.rejects(fetch(`http://127.0.0.1:${port}/`), 'what the door refuses is refused');
    end();
    assert.equal(await (await fetch(`http://127.0.0.1:${port}/`)).text(), 'well');
  });

  it('is straight where there is no door', async () => {
    const socket = connect({ port: door.port, host: '127.0.0.1' });
    await once(socket, 'connect');
    assert.equal(socket.remotePort, door.port);
    socket.destroy();
  });
});
