import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SourceDocument } from './source-document.ts';

describe('SourceDocument', () => {
  it('ends lines at LF, CR LF and a lone CR', () => {
    expect(new SourceDocument('a\nb\r\nc\rd').lines(0, 4)).toEqual(['a', 'b', 'c', 'd']);
    expect(new SourceDocument('\n\r').lines(0, 2)).toEqual(['', '']);
  });

  it('slices lines with the very line ends they have', () => {
    expect(new SourceDocument('a\r\nb\rc').slice(0, 2)).toBe('a\r\nb\r');
  });

  it('keeps a byte order mark out of the first line', () => {
    const document = new SourceDocument('\uFEFF# Title');
    expect(document.text).toBe('# Title');
    expect(document.line(0)).toBe('# Title');
    expect(document.source).toBe('\uFEFF# Title');
  });

  it('counts lines as the parser does after it has normalised them', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', '\n', '\r', '\r\n', '\0') }), (source) => {
        const document = new SourceDocument(source);
        const lines = source.replaceAll(/\r\n?/g, '\n').split('\n');
        expect(document.lines(0, lines.length)).toEqual(lines);
        expect(document.offsetOfLine(lines.length)).toBe(source.length);
      }),
    );
  });
});
