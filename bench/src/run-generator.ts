/** A load generator in a process of its own, so that its work does not hide in that of the shop: it reads its order and writes what it measured. */
import { spawn } from 'node:child_process';

/** Runs the program, with `aside` in front of its command, and answers its measurements. Throws when it ends with another code than 0. */
export function runGenerator<Measured>(program: string, order: object, aside: readonly string[] = []): Promise<Measured> {
  const [command = process.execPath, ...words] = [...aside, process.execPath, program];
  const child = spawn(command, words, { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(JSON.stringify(order));
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => (code === 0 ? resolve(JSON.parse(text) as Measured) : reject(new Error(`${program} ended with ${code}.`))));
  });
}
