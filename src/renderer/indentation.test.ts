import { describe, expect, it } from 'vitest';
import { columnAfter, dedent } from './indentation.ts';

describe('columnAfter', () => {
  it('takes a tab to the next multiple of four', () => {
    expect(columnAfter('\t', 0)).toBe(4);
    expect(columnAfter(' \t', 0)).toBe(4);
    expect(columnAfter('\t', 5)).toBe(8);
  });
});

describe('dedent', () => {
  it('removes no more white space than asked for', () => {
    expect(dedent('    code', 2)).toBe('  code');
  });

  it('removes no text from a line that is indented less', () => {
    expect(dedent(' lazy', 4)).toBe('lazy');
  });

  it('leaves the rest of a tab as spaces', () => {
    expect(dedent('\tcode', 3)).toBe(' code');
  });
});
