import { describe, expect, it } from 'vitest';
import { render } from '../render.ts';

function codeOf(content: string) {
  const block = render({ content, maxComponents: 8 }).find(({ component }) => component === 'code');
  return block?.component === 'code' ? block.props : undefined;
}

describe('code', () => {
  it('keeps language, info and the code as it is', () => {
    expect(codeOf('```ts title="a.ts" {1}\nconst a = 1;\n\n  b();\n```\n')).toEqual({
      code: 'const a = 1;\n\n  b();',
      language: 'ts',
      info: 'title="a.ts" {1}',
    });
  });

  it.each([
    ['no language', '~~~\na\n~~~', 'a'],
    ['no content', '```\n```', ''],
    ['one blank line', '```\n\n```', ''],
    ['a longer closing fence', '```\na\n`````  \n', 'a'],
    ['a shorter fence inside', '````\n```\n````', '```'],
    ['an indented fence', '  ```\n  a\n    b\n c\n  ```', 'a\n  b\nc'],
    ['a fence that is never closed', '```\na\nb\n', 'a\nb'],
    ['a fence at the very end', '```', ''],
    ['NUL and CR LF', '```\r\na\0\r\nb\r\n```', 'a\0\nb'],
    ['indented code', '    a\n\n\t  b\n\ntext', 'a\n\n  b'],
  ])('reads %s', (_, content, code) => {
    expect(codeOf(content)).toEqual({ code });
  });
});
