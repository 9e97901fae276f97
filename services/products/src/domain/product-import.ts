/** An import that goes on by itself. */
import type { ProductImport } from '@souk/contracts';

export type StockMode = ProductImport['stock'];

/** What an import is to do. */
export interface ImportPlan {
  stock: StockMode;
  dry_run: boolean;
  ignore_unknown: boolean;
}

export interface ImportRecord extends ImportPlan {
  id: string;
  state: ProductImport['state'] | 'receiving';
  rows_done: number;
  created: number;
  updated: number;
  unchanged: number;
  refused: number;
  stock_stated: number;
  stock_refused: number;
  ignored_columns: readonly string[];
  detail: string | null;
  created_at: string;
  ended_at: string | null;
}

const columnNamesMax = 100;

/** The states in which an import that shows this one may be kept. */
export function keptStates(state: ProductImport['state']): ImportRecord['state'][] {
  return state === 'waiting' ? ['receiving', 'waiting'] : [state];
}

/** As the contract has it; one whose file is arriving waits. */
export function importResource(record: ImportRecord): ProductImport {
  const { id, state, stock, dry_run, rows_done: rows, created, updated, unchanged, refused, stock_stated, stock_refused } = record;
  const { ignored_columns, detail, created_at, ended_at } = record;
  return {
    id,
    state: state === 'receiving' ? 'waiting' : state,
    stock,
    dry_run,
    rows,
    created,
    updated,
    unchanged,
    refused,
    stock_stated,
    stock_refused,
    ignored_column_names: ignored_columns.slice(0, columnNamesMax),
    detail,
    created_at,
    ended_at,
  };
}

export interface StockRefusal {
  reason: 'stale' | 'below_reserved' | 'too_large';
  quantity: number;
  on_hand: number;
  reserved: number;
  stock_version: number;
  stated_version?: number | undefined;
}

/** Why the stock of a row was not taken over, with both numbers. */
export function stockRefusalReason({ reason, quantity, on_hand, reserved, stock_version, stated_version }: StockRefusal): string {
  switch (reason) {
    case 'stale':
      return `the stock has version ${stock_version}, the file was made from version ${stated_version ?? 'unknown'}; nothing was changed`;
    case 'below_reserved':
      return `the file says ${quantity} pieces, and ${reserved} of the ${on_hand} on hand are promised to orders; nothing was changed`;
    case 'too_large':
      return `the file says ${quantity} pieces, and there are ${on_hand}: together more than can be kept; nothing was changed`;
  }
}

/** A refused row as a line of CSV (RFC 4180). */
export function refusalLine({ line, handle, reason }: { line: number; handle: string | null; reason: string }): string {
  const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  return `${line},${quoted(handle ?? '')},${quoted(reason)}\r\n`;
}

export const refusalsHeader = 'line,handle,reason\r\n';
