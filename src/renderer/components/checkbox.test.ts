import { describe, expect, it } from 'vitest';
import { render } from '../render.ts';

function checkboxOf(content: string) {
  const block = render({ content, maxComponents: 8 }).find(({ component }) => component === 'checkbox');
  return block?.component === 'checkbox' ? block.props : undefined;
}

describe('checkbox', () => {
  it('is made of a task list', () => {
    expect(checkboxOf('- [ ] buy *milk*\n- [x] call\n- [X] write\n')).toEqual({
      items: [
        { content: 'buy *milk*', checked: false, depth: 0 },
        { content: 'call', checked: true, depth: 0 },
        { content: 'write', checked: true, depth: 0 },
      ],
    });
  });

  it('flattens nested task lists with their depth', () => {
    const items = checkboxOf('- [ ] a\n\n  - [x] b\n    1. [ ] c\n\n- [ ] d')?.items;
    expect(items?.map(({ content, checked, depth }) => `${depth} ${checked} ${content}`)).toEqual([
      '0 false a',
      '1 true b',
      '2 false c',
      '0 false d',
    ]);
  });

  it('keeps in an item whatever else is in it: paragraphs, code, plain lists, task lists with text after them', () => {
    expect(checkboxOf('- [ ] a\n\n  ```sh\n  ls\n  ```\n  - plain')?.items).toEqual([
      { content: 'a\n\n```sh\nls\n```\n- plain', checked: false, depth: 0 },
    ]);
    expect(checkboxOf('- [ ] a\n  - [ ] b\n\n  after')?.items).toEqual([
      { content: 'a\n- [ ] b\n\nafter', checked: false, depth: 0 },
    ]);
  });

  it('reads a task on the line after its bullet', () => {
    expect(checkboxOf('-\n  [x] a\n  b')?.items).toEqual([{ content: 'a\nb', checked: true, depth: 0 }]);
  });

  it('keeps the number that a numbered task list starts with', () => {
    expect(checkboxOf('3. [ ] a\n4. [x] b')).toMatchObject({ start: 3 });
  });

  it('keeps items nested deeper than the parser goes in the text of the deepest', () => {
    const lines = Array.from({ length: 30 }, (_, depth) => `${'  '.repeat(depth)}- [ ] item ${depth}`);
    const items = checkboxOf(lines.join('\n'))?.items ?? [];
    const text = items.map(({ content }) => content).join('\n');
    for (let depth = 0; depth < 30; depth++) expect(text).toContain(`item ${depth}`);
    expect(items).toHaveLength(9);
  });

  it.each(['- [ ] a\n- b', '- [ ]', '- [y] a', '- [x]a', '- a\n- b'])('is not made of %j', (content) => {
    expect(checkboxOf(content)).toBeUndefined();
  });
});
