import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { COMPONENT_NAMES } from './components.ts';
import { render } from './render.ts';

const PAGE = readFileSync(new URL('../../docs/components.md', import.meta.url), 'utf8');
const EXAMPLE = /^(`{3,})markdown\n(?<content>.*?\n)\1\n\n```json\n(?<block>.*?\n)```$/gms;
const EXAMPLES = [...PAGE.matchAll(EXAMPLE)].map((match) => ({
  content: match.groups?.['content'] ?? '',
  block: JSON.parse(match.groups?.['block'] ?? '') as { component: string },
}));

describe('docs/components.md', () => {
  it.each(EXAMPLES)('shows what the renderer does: $block.component', ({ content, block }) => {
    const blocks = render({ content, maxComponents: 5 });
    expect(blocks.find(({ component }) => component === block.component)).toEqual(block);
  });

  it('has an example of every component', () => {
    expect(new Set(EXAMPLES.map(({ block }) => block.component))).toEqual(new Set(COMPONENT_NAMES));
  });
});
