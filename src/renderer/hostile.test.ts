import { describe, expect, it } from 'vitest';
import { render } from './render.ts';
import { MAX_CONTENT_BYTES } from './request.ts';

/** Repeats a unit up to the greatest length that a request may have. */
function filled(unit: string, prefix = ''): string {
  return (prefix + unit.repeat(MAX_CONTENT_BYTES / unit.length)).slice(0, MAX_CONTENT_BYTES);
}

const HEADER_OF_181 = `${'|a'.repeat(181)}|\n${'|-'.repeat(181)}|\n`;

/** Each of these is quadratic, exponential, deeply recursive or very greedy in some markdown parser. */
const DOCUMENTS: Readonly<Record<string, string>> = {
  brackets: filled('['),
  'open links': filled('[a]('),
  asterisks: filled('*'),
  'spaced asterisks': filled('*a '),
  backticks: filled('` `` ``` '),
  'a wall of pipes': filled('|'),
  'lines of pipes': filled('|\n'),
  'lines of delimiters': filled('|-|-|\n'),
  'rows to be filled up': filled(HEADER_OF_181 + '|\n'.repeat(720)),
  'a table of a quarter million columns': `${filled('|a').slice(0, 262_142)}\n${filled('|-').slice(0, 262_142)}`,
  'a long column name over short rows': filled('|x|\n', `|${'h'.repeat(100_000)}|\n|-|\n`),
  'columns of the same name': filled(`${'|a'.repeat(256)}|\n${'|-'.repeat(256)}|\n\n`),
  'escaped pipes': filled('\\|', '|a|\n|-|\n'),
  'nested quotations': filled('> '),
  'nested quotations over lazy lines': filled('a\n', `${'> '.repeat(100)}a\n`),
  'quoted headings and lazy lines': filled('> #\na\n'),
  'quoted rules and lazy lines': filled('> ---\na\n'),
  'quoted fences and lazy lines': filled('> ```\na\n'),
  'quoted code and lazy lines': filled('>     a\nb\n'),
  'quoted tables and lazy lines': filled('> |a|\n> |-|\na\n'),
  'quotations in lists in quotations': filled('> - '),
  'quotations in items': filled('- > #\na\n'),
  'nested lists on a line': filled('- '),
  'nested ordered lists on a line': filled('1. '),
  'deep lists, then text': filled('a\n', `${'1. '.repeat(60)}\n`),
  'stairs of items': filled(Array.from({ length: 400 }, (_, depth) => `${' '.repeat(2 * depth)}- a\n`).join('')),
  items: filled('- a\n'),
  'items by turns': filled('- a\n+ a\n'),
  tasks: filled('- [ ] a\n'),
  'numbered items': filled('1. a\n'),
  'empty items': filled('-\n\n'),
  'unclosed fence': filled('a\n', '```\n'),
  fences: filled('```\n~~~~\n'),
  'fences in items': filled('- ```\na\n'),
  'growing fences': filled(Array.from({ length: 900 }, (_, length) => `${'`'.repeat(length + 3)}\n\n`).join('')),
  'code and blank lines': filled('-     a\n\n\n\nb\n'),
  'a long line': filled('a'),
  'short lines': filled('a\n'),
  spaces: filled(' '),
  tabs: filled('\ta\n'),
  'carriage returns': filled('\r'),
  NUL: filled('\0'),
  'open HTML': filled('<div>\n'),
  'open comments': filled('<!--\n\n'),
  attributes: filled('b=c ', '<a '),
  'spaces in a tag': filled(' ', '<a'),
  references: filled('[a]: b\n'),
  hashes: filled('#', '# '),
  underlines: filled('a\n=\n'),
  rules: filled('_ '),
  callouts: filled('> [!NOTE]\n> a\n\n'),
  'lead-ins': filled('Note: a\n\n'),
  'nested JSON in a chart': filled('{"a":', '```chart\n'),
  'numbers in a chart': filled('a,1\n', '```chart\nx,y\n'),
};

describe('hostile markdown of 512 KB', () => {
  it.each(Object.entries(DOCUMENTS))('is rendered, bounded and whole: %s', (_, content) => {
    const blocks = render({
      content,
      maxComponents: 8,
      preferences: { fallbackPolicy: 'always', density: 'detailed' },
    });
    const whole = blocks
      .map((block) => block.fallback ?? (block.component === 'text' ? block.props.content : ''))
      .join('');
    expect(whole === content).toBe(true);
    expect(blocks.length).toBeLessThanOrEqual(17);
    expect(JSON.stringify(blocks).length).toBeLessThan(16 * JSON.stringify(content).length);
  });
});
