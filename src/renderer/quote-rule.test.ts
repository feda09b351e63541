import MarkdownIt from 'markdown-it';
import { describe, expect, it } from 'vitest';
import { quoteRule } from './quote-rule.ts';

/** How many lines are looked at to parse so many repetitions of a unit. */
function looksAtLines(unit: string, repetitions: number): number {
  const parser = new MarkdownIt();
  let looks = 0;
  parser.block.State = class extends parser.block.State {
    override isEmpty(line: number): boolean {
      looks++;
      return super.isEmpty(line);
    }
  };
  parser.block.ruler.at('blockquote', quoteRule, { alt: ['paragraph', 'blockquote', 'list'] });
  parser.block.parse(unit.repeat(repetitions), parser, {}, []);
  return looks;
}

describe('quoteRule', () => {
  it.each([
    '> #\na\n',
    '> ---\na\n',
    '> ```\na\n',
    '>     a\nb\n',
    '> |a|\n> |-|\na\n',
    '> a\nb\n',
    '> > - a\nb\n',
    '- > #\na\n',
  ])('looks at twice as many lines for twice as many times %j', (unit) => {
    expect(looksAtLines(unit, 2000)).toBeLessThanOrEqual(2 * looksAtLines(unit, 1000) + 10);
  });
});
