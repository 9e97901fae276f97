#!/usr/bin/env node
// The door of every command. It runs on whatever Node the machine has, so it is plain JavaScript without dependencies:
// it refuses a Node that is too old, installs what package-lock.json asks for when it is not there yet, and hands
// over to the pinned Node, which runs TypeScript as it is.
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import './end-with-npm.mjs';
import { ensureInstalled } from './install.mjs';
import { handOver, keepCompiled, ownNodeRefusal, pinnedNode } from './runtime.mjs';
import { useBundle } from './use-bundle.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
const main = join(root, 'tools', 'cli', 'src', 'main.ts');

function refuse(message) {
  process.stderr.write(`souk: ${message}\n`);
  process.exit(1);
}

const tooOld = ownNodeRefusal(process.versions.node);
if (tooOld !== undefined) refuse(tooOld);
if (!existsSync(join(root, 'package-lock.json')))
  refuse(`package-lock.json is missing in ${root}; take a complete copy of the repository.`);

const problem = await ensureInstalled(root);
if (problem !== undefined) refuse(problem);

const node = pinnedNode(root);
if (node.refusal !== undefined) refuse(node.refusal);
keepCompiled(root);
await useBundle(root, node.path);
await handOver(node.path, main, process.argv.slice(2));
