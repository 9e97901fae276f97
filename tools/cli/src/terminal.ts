/** What the commands write while they work: on a terminal a line that is renewed, elsewhere plain lines. */
const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const frameMs = 90;
const barCells = 30;

export interface Progress {
  say(sentence: string): void;
  /** Ends the line, until something is said again; with a sentence it stays. */
  done(sentence?: string): void;
}

/**
 * Lets a platform outlive its terminal: what it prints is lost when the other end of a pipe is gone or the disk of a log file is
 * full, and without a listener either would end the process, and with it all that it runs.
 */
export function surviveLostOutput(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
}

/** Progress of something whose length is unknown. */
export function startProgress(stream: NodeJS.WriteStream = process.stderr): Progress {
  let sentence = '';
  let frame = 0;
  const draw = (): void => {
    stream.write(`\r\x1b[K${frames[frame++ % frames.length]} ${sentence}`);
  };
  let timer: NodeJS.Timeout | undefined;
  return {
    say(next) {
      sentence = next;
      if (stream.isTTY) timer ??= setInterval(draw, frameMs);
      else stream.write(`${next} …\n`);
    },
    done(last) {
      clearInterval(timer);
      timer = undefined;
      if (stream.isTTY) stream.write('\r\x1b[K');
      if (last !== undefined) stream.write(`${last}\n`);
    },
  };
}

/** A bar for a known length, drawn on a terminal only. */
export function bar(part: number, whole: number): string {
  const share = whole === 0 ? 1 : Math.min(1, part / whole);
  const filled = Math.round(share * barCells);
  return `${'█'.repeat(filled)}${'░'.repeat(barCells - filled)} ${String(Math.floor(share * 100)).padStart(3)} %`;
}
