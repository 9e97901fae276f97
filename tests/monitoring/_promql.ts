/** PromQL taken apart with the grammar of Prometheus' own editor. */
import { parser } from '@prometheus-io/lezer-promql';

export interface Selector {
  metric: string;
  /** As it stands in the expression, matchers included. */
  text: string;
  /** The labels its matchers name. */
  labels: readonly string[];
}

/** Every vector selector of an expression. Throws where it is no PromQL. */
export function selectorsOf(expr: string): Selector[] {
  const found: { metric: string; text: string; labels: string[] }[] = [];
  parser.parse(expr).iterate({
    enter(node) {
      if (node.type.isError) throw new Error(`no PromQL at character ${node.from}: ${expr}`);
      const text = expr.slice(node.from, node.to);
      if (node.name === 'VectorSelector') found.push({ metric: '', text, labels: [] });
      const selector = found.at(-1);
      if (selector === undefined) return;
      if (node.name === 'Identifier' && selector.metric === '') selector.metric = text;
      if (node.name === 'LabelName' && node.node.parent?.name === 'UnquotedLabelMatcher') selector.labels.push(text);
    },
  });
  return found;
}

/** What Grafana puts in: the range between two points of a graph, and for each variable "all". */
export function expand(expr: string, variables: readonly string[]): string {
  const filled = variables.reduce((text, name) => text.replaceAll(`$${name}`, '.*'), expr.replaceAll('$__rate_interval', '20s'));
  if (/\$[a-zA-Z_{]/.test(filled)) throw new Error(`a variable that the dashboard does not declare: ${expr}`);
  return filled;
}
