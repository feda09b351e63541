import { describe, expect, it } from 'vitest';
import { parse } from './parse.ts';
import { SourceDocument } from './source-document.ts';

function outline(source: string): string[] {
  return parse(new SourceDocument(source)).map(
    ({ token, startLine, endLine }) => `${token.type.replace('_open', '')} ${startLine}-${endLine}`,
  );
}

describe('parse', () => {
  it('gives the top-level blocks with their lines, and nothing that is inside them', () => {
    expect(outline('# Title\n\ntext\n\n- a\n  > b\n- c\n\n```\nx\n```\n')).toEqual([
      'heading 0-1',
      'paragraph 2-3',
      'bullet_list 4-8',
      'fence 8-11',
    ]);
  });

  it('sees the heading behind a byte order mark', () => {
    expect(outline('\uFEFF# Title')).toEqual(['heading 0-1']);
  });

  it('leaves markdown inside HTML blocks alone', () => {
    expect(outline('<div>\n| a |\n|---|\n</div>')).toEqual(['html_block 0-4']);
  });
});

describe('tables', () => {
  it('end at a blank line, or where another block starts', () => {
    expect(outline('|a|b|\n|-|-|\n|1|2|\n\n|3|4|')).toEqual(['table 0-3', 'paragraph 4-5']);
    expect(outline('|a|\n|-|\n|1|\n# Next')).toEqual(['table 0-3', 'heading 3-4']);
  });

  it('may follow a paragraph without a blank line', () => {
    expect(outline('Prices:\n|a|b|\n|-|-|')).toEqual(['paragraph 0-1', 'table 1-3']);
  });

  it.each([
    ['fewer delimiters than header cells', '|a|b|\n|-|'],
    ['a delimiter without dashes', '|a|b|\n|-|:|'],
    ['no pipe in the header', 'a\n|-|'],
    ['only pipes', '|\n|'],
    ['no delimiter line', '|a|b|'],
    ['a header indented like code', '    |a|\n|-|'],
  ])('are none with %s', (_, source) => {
    expect(outline(source).join()).not.toContain('table');
  });
});

describe('quotations', () => {
  it('go on over lines without a marker while a paragraph is open', () => {
    expect(outline('> a\nb\n> c\n\nd')).toEqual(['blockquote 0-3', 'paragraph 4-5']);
  });

  it.each(['> # heading', '> ---', '> ```', '> | cell |', '> a\n>', '> a\n> ===', '> - # heading'])(
    'end after %j',
    (quotation) => {
      const lines = quotation.split('\n').length;
      expect(outline(`${quotation}\ntext`)).toEqual([`blockquote 0-${lines}`, `paragraph ${lines}-${lines + 1}`]);
    },
  );

  it('keep what looks like a paragraph inside their fence from continuing', () => {
    expect(outline('> ```\n> code\ntext')).toEqual(['blockquote 0-2', 'paragraph 2-3']);
    expect(outline('> ```\n> code\n> ```\n> a\ntext')).toEqual(['blockquote 0-5']);
  });

  it('end where another block starts', () => {
    expect(outline('> a\n- b')).toEqual(['blockquote 0-1', 'bullet_list 1-2']);
  });
});
