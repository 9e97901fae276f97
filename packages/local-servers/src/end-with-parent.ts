/**
 * Loaded into each process that `souk up` starts: its standard input is a pipe of the supervisor's. When the supervisor
 * is gone, however it went, the pipe ends and the process stops as on SIGTERM. So nothing is left behind.
 */
import { Socket } from 'node:net';

process.stdin.on('end', () => process.kill(process.pid, 'SIGTERM'));
process.stdin.resume();
// Listening must not keep a process alive that has ended its work.
if (process.stdin instanceof Socket) process.stdin.unref();
