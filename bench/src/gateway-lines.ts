/** What `npm run bench -- gateway` has measured, and how it is printed. */
export interface TargetMeasurements {
  target: 'nginx' | 'gateway' | 'service alone';
  cpu_us: number;
  per_second: number;
  p99_ms: number;
  failed: number;
  /** By turns, for a look at how much they differ. */
  turns: readonly number[];
}

export interface GatewayMeasurements {
  rows: readonly MeasuredRow[];
  /** The same requests before a service whose answers are prepared. */
  prepared: readonly MeasuredRow[];
  /** Resident memory of the gateway after so many requests, in MB. */
  memory: readonly { requests: number; mb: number }[];
}

export interface MeasuredRow {
  name: string;
  limit: number;
  targets: readonly TargetMeasurements[];
}

/** The table that is printed. */
export function gatewayLines({ rows, prepared, memory }: GatewayMeasurements): string[] {
  return [
    '',
    'before a service whose answers are prepared; the proxy has a core for itself',
    ...rowLines(prepared),
    '',
    'before the services as they are; everything shares the cores',
    ...rowLines(rows),
    '',
    ...memory.map(({ requests, mb }) => `memory of the gateway after ${requests} requests more: ${mb.toFixed(1)} MB`),
  ];
}

/** A row, after an empty line and its name. */
export function rowLines(rows: readonly MeasuredRow[]): string[] {
  return rows.flatMap(({ name, limit, targets }) => {
    const nginx = targets.find(({ target }) => target === 'nginx');
    return [
      '',
      name,
      ...targets.map(({ target, cpu_us, per_second, p99_ms, failed, turns }) => {
        const ratio =
          nginx === undefined || target === 'nginx'
            ? ''
            : `${(cpu_us / nginx.cpu_us).toFixed(2)} × nginx${target === 'gateway' ? `, aim ${limit}` : ''}`;
        const cells = [`${cpu_us.toFixed(1)} µs`, `${per_second.toFixed(0)}/s`, `p99 ${p99_ms.toFixed(1)} ms`];
        return `  ${target.padEnd(15)}${cells.map((cell) => cell.padStart(14)).join('')}   ${ratio}${failed > 0 ? `; ${failed} FAILED` : ''}   (${turns.map((turn) => turn.toFixed(1)).join(', ')})`;
      }),
    ];
  });
}
