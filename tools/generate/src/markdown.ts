/** The little Markdown that the reference needs. */

const generatedNote = '<!-- Written by npm run generate from the code; changes made here are lost. -->';

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

export function code(text: string): string {
  return `\`${text}\``;
}

export function codes(texts: readonly string[], none = ''): string {
  return texts.length === 0 ? none : texts.map(code).join(', ');
}

/** A page out of its parts, with an empty line between them. */
export function page(title: string, ...parts: readonly string[]): string {
  return `${[`# ${title}`, generatedNote, ...parts].join('\n\n')}\n`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
