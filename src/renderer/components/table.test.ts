import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { render } from '../render.ts';
import { columnNames, tableProps } from './table.ts';

function tableOf(content: string) {
  const block = render({ content, maxComponents: 8 }).find(({ component }) => component === 'table');
  return block?.component === 'table' ? block.props : undefined;
}

describe('table', () => {
  it('keys each row by the column names', () => {
    expect(tableOf('| Plan | Price |\n|---|---|\n| Free | $0 |\n| Pro | $20 |')).toEqual({
      columns: ['Plan', 'Price'],
      rows: [
        { Plan: 'Free', Price: '$0' },
        { Plan: 'Pro', Price: '$20' },
      ],
      sortable: true,
    });
  });

  it('reads escaped pipes, missing outer pipes and CR LF', () => {
    expect(tableOf('a | b\r\n-|-\r\nx \\| y | **z**\r\n')?.rows).toEqual([{ a: 'x | y', b: '**z**' }]);
  });

  it('says how columns are aligned, when any is', () => {
    expect(tableOf('|a|b|c|d|\n|:-|:-:|-:|-|')?.align).toEqual(['left', 'center', 'right', null]);
    expect(tableOf('|a|\n|-|')).not.toHaveProperty('align');
  });

  it('fills short rows up, and gives the cells of long rows a column of their own', () => {
    expect(tableOf('|a|b|\n|-|-|\n|1|\n|1|2|3|')).toEqual({
      columns: ['a', 'b', 'Column 3'],
      rows: [
        { a: '1', b: '', 'Column 3': '' },
        { a: '1', b: '2', 'Column 3': '3' },
      ],
      sortable: false,
    });
  });

  it('treats __proto__, constructor and toString as names like any other', () => {
    const props = tableOf('|__proto__|constructor|toString|\n|-|-|-|\n|1|2|3|');
    expect(JSON.stringify(props?.rows)).toBe('[{"__proto__":"1","constructor":"2","toString":"3"}]');
    expect(v.is(tableProps, props)).toBe(true);
  });

  it('stays text, with fallback, when repeated column names would make it outgrow its source', () => {
    const content = `|${'h'.repeat(1000)}|\n|-|\n${'|x|\n'.repeat(1000)}`;
    expect(render({ content, maxComponents: 8 })).toEqual([
      { component: 'text', version: '1.0', props: { content, variant: 'prose' }, fallback: content },
    ]);
  });

  it('stays text when it is wider than 256 columns', () => {
    expect(tableOf(`${'|a'.repeat(256)}|\n${'|-'.repeat(256)}|`)?.columns).toHaveLength(256);
    expect(tableOf(`${'|a'.repeat(257)}|\n${'|-'.repeat(257)}|`)).toBeUndefined();
  });
});

describe('columnNames', () => {
  it('makes names unique and names the nameless', () => {
    expect(columnNames(['a', '', 'a', 'a (2)', 'a'], 6)).toEqual([
      'a',
      'Column 2',
      'a (2)',
      'a (2) (2)',
      'a (3)',
      'Column 6',
    ]);
  });
});
