/** Preloaded into every process of a platform under test: at SIGUSR2 the process takes more memory than MemoryHigh allows. */
const hoardBytes = 1_073_741_824;
const hoard = [];

// Filled, because memory that was never written to is not there.
process.on('SIGUSR2', () => hoard.push(Buffer.alloc(hoardBytes, 1)));
