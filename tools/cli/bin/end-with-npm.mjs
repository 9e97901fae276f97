// npm runs a script through a shell. When npm alone is told to end, as a supervisor does, it ends that shell, and the
// shell ends without a word to us. So whoever was started by npm looks whether its parent is still there, and tells
// itself to stop when it is not; a shop that nobody can see any more would keep its ports for ever.
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
