import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { blockSchema } from './block.ts';
import { render } from './render.ts';

/** Real AI answers, kept beside the checkout where there are any; they are not ours to copy into it. */
const FOLDER = fileURLToPath(new URL('../../../shared/corpus/', import.meta.url));
const ANSWERS = existsSync(FOLDER) ? readdirSync(FOLDER).filter((name) => /^\d+\.md$/.test(name)) : [];

describe('real AI answers', () => {
  it('come back byte for byte, in valid blocks', (test) => {
    test.skip(ANSWERS.length === 0, 'there are none beside this checkout');
    for (const name of ANSWERS) {
      const content = readFileSync(FOLDER + name, 'utf8');
      const blocks = render({
        content,
        maxComponents: 8,
        preferences: { fallbackPolicy: 'always', density: 'detailed' },
      });
      const pieces = blocks.map((block) => block.fallback ?? (block.component === 'text' ? block.props.content : ''));
      expect(pieces.join(''), name).toBe(content);
      for (const block of blocks) expect(v.safeParse(blockSchema, block).issues, name).toBeUndefined();
    }
  });
});
