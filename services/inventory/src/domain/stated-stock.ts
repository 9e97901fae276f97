/** What an imported file says of the stock of a product: checked against its version, what is promised to orders, and the limit. */
import { type Movement, onHandMax, type Stock } from './stock.ts';

export interface Statement {
  import_id: string;
  product_id: string;
  mode: 'add' | 'set';
  quantity: number;
  /** Of the stock that the file was made from. */
  stock_version?: number | undefined;
  actor: string;
}

export type StatementOutcome = 'applied' | 'stale' | 'below_reserved' | 'too_large';

/** The movement is absent where nothing is moved: the statement is refused, or says what is there. */
export interface StatementDecision {
  outcome: StatementOutcome;
  movement?: Movement;
}

/** What a statement does to stock. Its quantity is that of all pieces on hand, those promised to orders among them. */
export function decideStatement(
  stock: Stock,
  { import_id, product_id, mode, quantity, stock_version, actor }: Statement,
): StatementDecision {
  if (stock_version !== undefined && stock_version !== stock.stock_version) return { outcome: 'stale' };
  const on_hand = mode === 'add' ? stock.on_hand + quantity : quantity;
  if (on_hand < stock.reserved) return { outcome: 'below_reserved' };
  if (on_hand > onHandMax) return { outcome: 'too_large' };
  const on_hand_change = on_hand - stock.on_hand;
  if (on_hand_change === 0) return { outcome: 'applied' };
  const reason = `import ${import_id}`;
  return {
    outcome: 'applied',
    movement: { product_id, kind: 'adjusted', on_hand_change, reserved_change: 0, order_id: null, source_id: null, reason, actor },
  };
}

/** Statements of which no two are about the same product, in turn: the later ones see what the earlier ones have done. */
export function roundsOf<S extends Pick<Statement, 'product_id'>>(statements: readonly S[]): S[][] {
  const byProduct = [...Map.groupBy(statements, ({ product_id }) => product_id).values()];
  const most = Math.max(0, ...byProduct.map(({ length }) => length));
  return Array.from({ length: most }, (_, round) => byProduct.flatMap((same) => same.slice(round, round + 1)));
}
