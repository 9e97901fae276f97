// npm runs a script through a shell. When npm alone is signalled to end, as a supervisor does, it ends that shell, and the
// shell ends without a signal to us. So a process started by npm polls whether its parent is still there, and stops
// itself when it is not; a shop without a terminal would keep its ports for ever.
const look_every_ms = 500;
const parent = process.ppid;

if (process.env.npm_lifecycle_event !== undefined) {
  const looking = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(looking);
    process.kill(process.pid, 'SIGTERM');
  }, look_every_ms);
  looking.unref();
}
