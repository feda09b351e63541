import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { type Block, blockSchema } from './block.ts';
import { COMPONENT_NAMES } from './components.ts';
import { render } from './render.ts';
import type { Preferences } from './request.ts';

const LINE_ENDS = ['\n', '\n', '\n\n', '\r\n', '\r\n\r\n', '\r', '\n \t\n'];
const FRAGMENTS = [
  ...[
    '# Title',
    'Setext\n===',
    '---',
    'text *with* [inline](x) `code`',
    '**Note:** mind',
    '⚠️ Warning: no',
    'As a line chart:',
  ],
  ...[
    '> [!TIP]',
    '> quoted',
    '> > deep',
    '>',
    '- item',
    '* [ ] task',
    '  - [x] subtask',
    '1. first',
    '2. second',
    '   more',
  ],
  ...[
    '|a|b|',
    '|-|:-:|',
    '|1|2|',
    '| 3 |',
    '|x|\\||y|',
    '```',
    '```chart',
    '~~~js',
    '{"labels":["a"],"series":[]}',
    'a,1',
  ],
  ...[
    '    indented',
    '\ttab',
    '<div>',
    '</div>',
    '<!--',
    '-->',
    '[ref]: /url',
    '\\',
    '&amp;',
    '[',
    '*',
    '`',
    '\0',
    '\uFEFF',
  ],
  ...['\ud83d', '\udc00', '\u2028', '\u0085', '\u00a0', '\v', '\f', '__proto__', '|__proto__|constructor|'],
];

const markdown = fc
  .array(
    fc.tuple(
      fc.constantFrom('', '', '  ', '> ', '- '),
      fc.constantFrom(...FRAGMENTS),
      fc.constantFrom('', ...LINE_ENDS),
    ),
    {
      maxLength: 40,
    },
  )
  .map((parts) => parts.flat().join(''));
const content = fc.oneof(
  markdown,
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({
    unit: fc.constantFrom('\n', '\r', ' ', '|', '-', '>', '`', 'a', '1', '.', ':', '[', 'x', ']', '\ud800'),
  }),
);
const maxComponents = fc.integer({ min: 0, max: 8 });
const preferences: fc.Arbitrary<Preferences> = fc.record(
  {
    preferredTypes: fc.uniqueArray(fc.constantFrom(...COMPONENT_NAMES)),
    maxComponents: fc.integer({ min: 1, max: 100 }),
    density: fc.constantFrom('compact' as const, 'normal' as const, 'detailed' as const),
    fallbackPolicy: fc.constantFrom('onFail' as const, 'always' as const, 'never' as const),
  },
  { requiredKeys: [] },
);

function sourceOf(blocks: readonly Block[]): string {
  return blocks.map((block) => block.fallback ?? (block.component === 'text' ? block.props.content : '')).join('');
}

describe('render, for any document', () => {
  it('gives the document back, byte for byte, when fallbacks are always asked for', () => {
    fc.assert(
      fc.property(content, preferences, maxComponents, (document, wishes, limit) => {
        const always = { ...wishes, fallbackPolicy: 'always' as const };
        expect(sourceOf(render({ content: document, preferences: always, maxComponents: limit }))).toBe(document);
      }),
      { numRuns: 2000 },
    );
  });

  it('keeps to the limit, to the published schemas and to one text block between components', () => {
    fc.assert(
      fc.property(content, preferences, maxComponents, (document, wishes, limit) => {
        const blocks = render({ content: document, preferences: wishes, maxComponents: limit });
        for (const block of blocks) expect(v.safeParse(blockSchema, block).issues).toBeUndefined();
        const components = blocks.filter(({ component }) => component !== 'text').length;
        expect(components).toBeLessThanOrEqual(Math.min(limit, wishes.maxComponents ?? limit));
        expect(
          blocks.some(({ component }, index) => component === 'text' && blocks[index + 1]?.component === 'text'),
        ).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });

  it('gives the same blocks whatever the policy, but for their fallbacks, and none of those when they are unwanted', () => {
    fc.assert(
      fc.property(content, preferences, maxComponents, (document, wishes, limit) => {
        const [always, onFail, never] = (['always', 'onFail', 'never'] as const).map((fallbackPolicy) =>
          render({ content: document, preferences: { ...wishes, fallbackPolicy }, maxComponents: limit }),
        );
        const bare = (blocks: Block[] = []) => blocks.map(({ fallback: _, ...block }) => block);
        expect(bare(always)).toEqual(never);
        expect(bare(onFail)).toEqual(never);
      }),
      { numRuns: 300 },
    );
  });

  it('gives the same blocks again', () => {
    fc.assert(
      fc.property(content, preferences, (document, wishes) => {
        const request = { content: document, preferences: wishes, maxComponents: 5 };
        expect(JSON.stringify(render(request))).toBe(JSON.stringify(render(request)));
      }),
      { numRuns: 300 },
    );
  });
});
