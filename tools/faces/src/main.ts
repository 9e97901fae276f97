/** `node main.ts FOLDER`: builds into this folder, for an image. Ends with status 1 and the reason where that fails. */
import { cp } from 'node:fs/promises';
import { buildFaces } from './build-faces.ts';

const [, , target] = process.argv;
if (target === undefined) throw new Error('which folder? node tools/faces/src/main.ts FOLDER');
const { folder, done } = buildFaces();
const { problem } = await done;
if (problem === undefined) await cp(folder, target, { recursive: true });
else {
  console.error(problem);
  process.exitCode = 1;
}
