import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../core/clock.ts';
import type { StoredEvent } from '../../core/render-event.ts';
import { widthOf } from '../columns.ts';
import { sampleEvent } from '../events.fixture.ts';
import { ESC, Machine } from '../machine.fixture.ts';
import { openOutput } from '../output.ts';
import { localDay } from '../relative-time.ts';
import { eventView } from './event-view.ts';

/** What stands on a terminal of that width after these events. */
async function shown(columns: number, events: readonly StoredEvent[], isColoured = false): Promise<string[]> {
  const io = (await Machine.start()).io({ tty: true, columns });
  const show = eventView(io, openOutput(io, { json: false, colour: isColoured ? 'on' : 'off' }));
  for (const event of events) show(event);
  return io.written.stdout.trimEnd().split('\n');
}

const EVENTS = [
  sampleEvent(1),
  sampleEvent(2, { keyName: '開発キー 👩🏽‍💻 of the team that has the longest name', durationUs: 400, blocks: 1 }),
  sampleEvent(3, { status: 401, verdict: 'revoked', blocks: null, count: 12, durationUs: 9_990 }),
  sampleEvent(4, { status: 429, verdict: 'rate_limited', blocks: null, count: 1234, durationUs: 12_345_678 }),
  sampleEvent(5, { status: 500, isInterrupted: true, blocks: null, durationUs: 9_999_400 }),
  sampleEvent(6, { method: 'GET', path: `/components/${'x'.repeat(60)}`, blocks: null }),
];

/** Times are local: what is compared is the rest. */
const withoutTime = (line: string) => line.replace(/^\d\d:\d\d:\d\d/, 'hh:mm:ss');

describe('the view of events', () => {
  it('on 80 columns is a line for each, without the method', async () => {
    expect((await shown(80, EVENTS)).map(withoutTime)).toEqual([
      'hh:mm:ss 200   12ms dev key      okd_7Hq3•••••••• /render/enhance 5 blocks',
      'hh:mm:ss 200  0.4ms 開発キー 👩🏽‍💻… okd_7Hq3•••••••• /render/enhance 1 block',
      'hh:mm:ss 401   10ms dev key      okd_7Hq3•••••••• /render/enhance revoked ×12',
      'hh:mm:ss 429  12.3s dev key      okd_7Hq3•••••••• /render/enhance over li… ×1234',
      'hh:mm:ss 500 9999ms dev key      okd_7Hq3•••••••• /render/enhance interrupted',
      'hh:mm:ss 200   12ms dev key      okd_7Hq3•••••••• /components/xx…',
    ]);
  });

  it('on 120 columns has the method too', async () => {
    const [line = ''] = await shown(120, EVENTS);
    expect(withoutTime(line)).toBe(
      'hh:mm:ss  200    12ms  dev key                   okd_7Hq3••••••••  POST /render/enhance                   5 blocks',
    );
  });

  it('on 50 columns is two lines for each', async () => {
    expect((await shown(50, EVENTS.slice(0, 3))).map(withoutTime)).toEqual([
      'hh:mm:ss 200 dev key 12ms',
      '  okd_7Hq3••••••••  POST /render/enhance 5 blocks',
      'hh:mm:ss 200 開発キー 👩🏽‍💻 of the team that h… 0.4ms',
      '  okd_7Hq3••••••••  POST /render/enhance 1 block',
      'hh:mm:ss 401 dev key 10ms',
      '  okd_7Hq3••••••••  POST /render/enha… revoked ×12',
    ]);
  });

  it.each(Array.from({ length: 130 }, (_, index) => index + 36))('on %i columns breaks no line', async (columns) => {
    for (const line of await shown(columns, EVENTS)) expect(widthOf(line)).toBeLessThanOrEqual(columns);
  });

  it('has a colour for each hundred of the status', async () => {
    const events = [200, 304, 404, 503].map((status) => sampleEvent(status, { status, at: EVENTS[0]?.at ?? 0 }));
    const lines = await shown(80, events, true);
    const colours = lines.map((line) => new RegExp(`${ESC}\\[(3\\d)m[2-5]\\d\\d${ESC}`).exec(line)?.[1]);
    expect(colours).toEqual(['32', '36', '33', '31']);
  });

  it('has the date before the first event of another day', async () => {
    const now = sampleEvent(1).at;
    const lines = await shown(80, [sampleEvent(1, { at: now - DAY_MS }), sampleEvent(2, { at: now }), sampleEvent(3)]);
    expect(lines).toHaveLength(5);
    expect([lines[0], lines[2]]).toEqual([`── ${localDay(now - DAY_MS)} ──`, `── ${localDay(now)} ──`]);
  });

  it('does nothing to the terminal: what would act on it is written out', async () => {
    const evil = `${ESC}[2J\r\u202e`;
    const [line = ''] = await shown(200, [sampleEvent(1, { keyName: evil, start: evil, method: evil, path: evil })]);
    expect(line).not.toMatch(/[\x00-\x1f\u202e]/);
    expect(line).toContain('\\x1b[2J\\x0d\\u202e');
  });
});
