import { describe, expect, it } from 'vitest';
import type { Block } from '../block.ts';
import { render } from '../render.ts';
import type { Preferences } from '../request.ts';

const SALES = '| Month | Sales | Costs |\n|---|---|---|\n| Jan | 1,200 | 10.5 |\n| Feb | -900 | — |\n';

function rendered(content: string, preferences: Preferences = {}): Block | undefined {
  return render({ content, preferences, maxComponents: 8 }).find(({ component }) => component !== 'text');
}

describe('chart of a table', () => {
  it('is made when charts are preferred: first column labels, the others series', () => {
    expect(rendered(SALES, { preferredTypes: ['chart'] })?.props).toEqual({
      type: 'bar',
      labels: ['Jan', 'Feb'],
      labelTitle: 'Month',
      series: [
        { name: 'Sales', values: [1200, -900] },
        { name: 'Costs', values: [10.5, null] },
      ],
    });
  });

  it.each([
    ['As a chart:', 'bar'],
    ['## Line chart of sales', 'line'],
    ['The pie chart shows', 'bar'],
  ])('is made when the text right before says so: %s', (text, type) => {
    expect(rendered(`${text}\n\n${SALES}`)?.props).toMatchObject({ type });
  });

  it('is a pie only for a single series', () => {
    expect(rendered('Pie chart\n\n|a|b|\n|-|-|\n|x|1|\n|y|2|')?.props).toMatchObject({ type: 'pie' });
  });

  it('stays a table when nobody asks', () => {
    expect(rendered(SALES)?.component).toBe('table');
    expect(rendered(`Chart\n\n---\n\n${SALES}`)?.component).toBe('table');
  });

  it('keeps the unit that all numbers of a column share', () => {
    const table = '|a|b|c|\n|-|-|-|\n|x|45%|$1.5M|\n|y|**50%**|$2M|';
    expect(rendered(table, { preferredTypes: ['chart'] })?.props).toMatchObject({
      series: [
        { unit: '%', values: [45, 50] },
        { unit: '$M', values: [1.5, 2] },
      ],
    });
  });

  it.each([
    ['a word among the numbers', '|a|b|\n|-|-|\n|x|1|\n|y|two|'],
    ['different units', '|a|b|\n|-|-|\n|x|1 kg|\n|y|2 g|'],
    ['different magnitudes', '|a|b|\n|-|-|\n|x|$1M|\n|y|$2B|'],
    ['no number at all', '|a|b|\n|-|-|\n|x|-|\n|y|n/a|'],
    ['one row', '|a|b|\n|-|-|\n|x|1|'],
    ['one column', '|a|\n|-|\n|1|\n|2|'],
    ['a cell without a column', '|a|b|\n|-|-|\n|x|1|2|\n|y|2|'],
    ['a misgrouped number', '|a|b|\n|-|-|\n|x|1,2|\n|y|2|'],
  ])('stays a table with %s', (_, table) => {
    expect(rendered(table, { preferredTypes: ['chart'] })?.component).toBe('table');
  });
});

describe('chart fence', () => {
  it('is read as JSON, its title going to meta', () => {
    const json =
      '{"type":"line","title":"Load","labels":["a","b"],"series":[{"name":"s","values":[1,null],"unit":"ms"}]}';
    expect(rendered(`\`\`\`chart\n${json}\n\`\`\``)).toEqual({
      component: 'chart',
      version: '1.0',
      props: { type: 'line', labels: ['a', 'b'], series: [{ name: 's', values: [1, null], unit: 'ms' }] },
      meta: { title: 'Load', confidence: 1 },
    });
  });

  it('is read as CSV with a header line', () => {
    expect(rendered('```chart\nday,visits\r\nMo,1\r\nTu,2\n```')?.props).toEqual({
      type: 'bar',
      labels: ['Mo', 'Tu'],
      labelTitle: 'day',
      series: [{ name: 'visits', values: [1, 2] }],
    });
  });

  it.each([
    '{',
    '{"labels":["a"],"series":[{"name":"s","values":[1]}],"extra":1}',
    '{"labels":["a"],"series":[{"name":"s","values":[1],"__proto__":{}}]}',
    '{"labels":["a"],"series":[{"name":"s","values":[1,2]}]}',
    '{"labels":["a"],"series":[{"name":"s","values":[1e999]}]}',
    '{"labels":["a"],"series":[]}',
    '{"labels":[],"series":[{"name":"s","values":[]}]}',
    '{"type":"donut","labels":["a"],"series":[{"name":"s","values":[1]}]}',
    `{"labels":["${'a'.repeat(70_000)}"]}`,
    '[1,2]',
    'a,b\nx,y\nz,w',
    '',
  ])('that is refused becomes code, with fallback: %s', (content) => {
    const fence = `\`\`\`chart\n${content}\n\`\`\``;
    expect(rendered(fence)).toMatchObject({
      component: 'code',
      props: { code: content, language: 'chart' },
      fallback: fence,
    });
  });
});
