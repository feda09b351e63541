import { describe, expect, it } from 'vitest';
import { render } from '../render.ts';

function alertOf(content: string) {
  const block = render({ content, maxComponents: 8 }).find(({ component }) => component === 'alert');
  return block?.component === 'alert' ? block.props : undefined;
}

describe('alert', () => {
  it.each(['note', 'tip', 'important', 'warning', 'caution'])('is made of the GitHub callout %s', (kind) => {
    expect(alertOf(`> [!${kind.toUpperCase()}]\n> Mind the **gap**.\n>\n> - a\n`)).toEqual({
      kind,
      content: 'Mind the **gap**.\n\n- a',
    });
  });

  it('keeps the title after a callout marker', () => {
    expect(alertOf('> [!tip] Faster\n> Use the cache.')).toEqual({
      kind: 'tip',
      title: 'Faster',
      content: 'Use the cache.',
    });
  });

  it.each([
    ['**Important:** Save first.', 'important', 'Important'],
    ['**Important**: Save first.', 'important', 'Important'],
    ['Tip: Save first.', 'tip', 'Tip'],
    ['_Note:_ Save first.', 'note', 'Note'],
    ['⚠️ Warning: Save first.', 'warning', '⚠️ Warning'],
    ['**⚠️ Warning:** Save first.', 'warning', '⚠️ Warning'],
    ['PLEASE NOTE: Save first.', 'note', 'PLEASE NOTE'],
    ['**Hinweis:** Save first.', 'note', 'Hinweis'],
    ['**주의:** Save first.', 'warning', '주의'],
    ['**重要：** Save first.', 'important', '重要'],
    ['> **Caution:** Save first.', 'caution', 'Caution'],
  ])('is made of the lead-in in %j', (content, kind, title) => {
    expect(alertOf(content)).toEqual({ kind, title, content: 'Save first.' });
  });

  it('keeps the lines of a paragraph', () => {
    expect(alertOf('Note: one\r\ntwo')?.content).toBe('one\r\ntwo');
  });

  it.each([
    ['a lead-in with nothing after it', '**Important:**'],
    ['a lead-in in the middle', 'This is a warning: stop.'],
    ['no colon', 'Note that this works.'],
    ['bold text that goes on', '**Note: all bold**'],
    ['another label', '**Result:** fine.'],
    ['a callout of an unknown kind', '> [!FOO]\n> text'],
    ['a callout without content', '> [!NOTE]'],
    ['a plain quotation', '> To be or not to be.'],
  ])('is not made of %s', (_, content) => {
    expect(alertOf(content)).toBeUndefined();
  });
});
