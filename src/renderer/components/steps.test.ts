import { describe, expect, it } from 'vitest';
import { render } from '../render.ts';

function stepsOf(content: string) {
  const block = render({ content, maxComponents: 8 }).find(({ component }) => component === 'steps');
  return block?.component === 'steps' ? block.props : undefined;
}

describe('steps', () => {
  it('are made of a numbered list, keeping its first number', () => {
    expect(stepsOf('2. Open\n3) not this list')).toBeUndefined();
    expect(stepsOf('2. **Open** it\n3. Close\n')).toEqual({
      start: 2,
      steps: [{ content: '**Open** it' }, { content: 'Close' }],
    });
  });

  it('keep the code and the lists that belong to a step, without their indentation', () => {
    expect(stepsOf('1. Run\n\n   ```sh\n   npm i\n     --x\n   ```\n2. Check\n   - a\n     - b\nlazy')?.steps).toEqual([
      { content: 'Run\n\n```sh\nnpm i\n  --x\n```' },
      { content: 'Check\n- a\n  - b\nlazy' },
    ]);
  });

  it('understand tabs, wide markers, empty items and code as the first thing in an item', () => {
    expect(stepsOf('1.\tOne\n\n\tmore\n2.\n3.      code\n')?.steps).toEqual([
      { content: 'One\n\nmore' },
      { content: '' },
      { content: '     code' },
    ]);
    expect(stepsOf('10.  Ten\n     more\n11.  Eleven')?.steps[0]?.content).toBe('Ten\nmore');
  });

  it.each(['1. only one', '- a\n- b', '1. [ ] a\n2. [ ] b'])('are not made of %j', (content) => {
    expect(stepsOf(content)).toBeUndefined();
  });
});
