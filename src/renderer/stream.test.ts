import { describe, expect, it } from 'vitest';
import { render } from './render.ts';
import { streamFrames } from './stream.ts';
import { compact } from './wire.ts';

const DESIGN = { '--outkit-primary': '#1a73e8' };

describe('streamFrames', () => {
  it('sends the design, each block in document order with short keys, and the end mark', () => {
    const blocks = render({
      content: 'Hi\n\n|a|\n|-|\n|1|',
      maxComponents: 8,
      preferences: { fallbackPolicy: 'always' },
    });
    expect([...streamFrames(blocks, DESIGN)]).toEqual([
      'data: {"type":"meta","design":{"--outkit-primary":"#1a73e8"}}\n\n',
      'data: {"c":"text","v":"1.0","p":{"content":"Hi\\n\\n","variant":"prose"}}\n\n',
      'data: {"c":"table","v":"1.0","p":{"columns":["a"],"rows":[{"a":"1"}],"sortable":false},"m":{"confidence":1},"f":"|a|\\n|-|\\n|1|"}\n\n',
      'data: [DONE]\n\n',
    ]);
  });

  it('keeps every event on one line, whatever line ends and broken characters the text has', () => {
    const content = 'a\r\nb\rc\u2028d\u0085\0\ud800 data: [DONE]\n\n';
    const frames = [...streamFrames(render({ content, maxComponents: 8 }), DESIGN)];
    expect(frames.every((frame) => /^data: [^\r\n]+\n\n$/.test(frame))).toBe(true);
    const bytes = new TextDecoder().decode(new TextEncoder().encode(frames[1]));
    expect(JSON.parse(bytes.slice('data: '.length))).toMatchObject({ p: { content } });
  });

  it('sends two frames for an empty document', () => {
    expect([...streamFrames([], {})]).toEqual(['data: {"type":"meta","design":{}}\n\n', 'data: [DONE]\n\n']);
  });
});

describe('compact', () => {
  it('keeps an empty fallback, and leaves out what a block does not have', () => {
    const block = { component: 'text', version: '1.0', props: { content: '', variant: 'prose' } } as const;
    expect(compact(block)).toEqual({ c: 'text', v: '1.0', p: block.props });
    expect(compact({ ...block, fallback: '' })).toHaveProperty('f', '');
  });
});
