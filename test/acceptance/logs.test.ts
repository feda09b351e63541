import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { sampleEvent } from '../../src/cli/events.fixture.ts';
import { OutkitError } from '../../src/core/errors.ts';
import { EventServer, endFrame, eventFrame, type Frame, gapFrame, HEARTBEAT } from '../event-server.ts';
import { LogReader } from './log-reader.ts';
import { OUTKIT, type Project, temporaryProject } from './outkit.ts';
import { CTRL_C } from './terminal.ts';

const PATIENCE = { timeout: 15_000 };

let server: EventServer;
let project: Project;
beforeEach(async () => {
  server = await new EventServer().start();
  project = temporaryProject({
    files: { 'outkit.json': '{ "profile": "prof_2222222222222222" }\n' },
    env: { OUTKIT_API_URL: server.url, OUTKIT_TOKEN: 'okl_token' },
  });
  onTestFinished(() => server.stop());
});

function frames(from: number, to: number): Frame[] {
  return Array.from({ length: to - from + 1 }, (_, index) => eventFrame(sampleEvent(from + index)));
}

/** Starts a tail, and waits until it listens. */
async function reading(...args: string[]): Promise<LogReader> {
  const reader = new LogReader(project, args);
  await expect.poll(() => server.asked.length, PATIENCE).toBe(1);
  return reader;
}

describe('logs tail on a pipe', () => {
  it('writes an object a line, each as it comes, and ends with 0 at Ctrl-C and 143 at SIGTERM', async () => {
    server.history = [sampleEvent(1), sampleEvent(2, { keyName: '\u001b[31mred' })];
    const reader = await reading();
    await expect.poll(() => reader.seqs, PATIENCE).toEqual([1, 2]);
    server.publish(eventFrame(sampleEvent(3)));
    await expect.poll(() => reader.seqs, PATIENCE).toEqual([1, 2, 3]);
    expect(reader.lines[0]).toMatchObject({ seq: 1, at: '2026-11-23T11:59:01.000Z', status: 200, keyName: 'dev key' });
    expect(reader.lines[1]).toMatchObject({ keyName: '\u001b[31mred' });
    expect(reader.stdout).not.toContain('\u001b');
    reader.signal('SIGINT');
    expect([await reader.exitCode(), reader.stderr]).toEqual([0, '']);
    const terminated = new LogReader(project, ['-n', '1']);
    await expect.poll(() => terminated.seqs, PATIENCE).toEqual([2, 3]);
    terminated.signal('SIGTERM');
    expect([await terminated.exitCode(), terminated.stderr]).toEqual([143, '']);
  });

  it('whose reader goes away ends with 0, silently', async () => {
    server.history = [sampleEvent(1)];
    const script = `"${OUTKIT}" logs tail | head -1; echo "\${PIPESTATUS[0]}"`;
    const reader = new LogReader(project, [], ['bash', '-c', script]);
    await expect.poll(() => reader.stdout, PATIENCE).toContain('"seq":1');
    let seq = 1;
    await expect
      .poll(() => {
        server.publish(eventFrame(sampleEvent(++seq)));
        return reader.stdout;
      }, PATIENCE)
      .toMatch(/\n0\n$/);
    expect([reader.stdout.split('\n').length, reader.stderr]).toEqual([3, '']);
  });

  it('goes on after cuts inside of a character, a heartbeat and a frame, and tells of each once', async () => {
    server.history = [sampleEvent(1)];
    server.frames = [eventFrame(sampleEvent(2, { keyName: '鍵' })), HEARTBEAT, ...frames(3, 4), gapFrame(12, 16)];
    const inside = Buffer.byteLength(server.frames[0]?.text.split('鍵')[0] ?? '') + 1;
    const behind = Buffer.byteLength(server.frames[0]?.text ?? '');
    server.fates = [
      { kind: 'cut', bytes: inside, how: 'reset' },
      { kind: 'cut', bytes: behind + 4, how: 'end' },
      { kind: 'cut', bytes: HEARTBEAT.text.length + 20, how: 'reset' },
    ];
    const reader = await reading();
    await expect.poll(() => reader.seqs, PATIENCE).toEqual([1, 2, 3, 4, { gap: 12 }]);
    server.publish(eventFrame(sampleEvent(17)));
    await expect.poll(() => reader.seqs, PATIENCE).toEqual([1, 2, 3, 4, { gap: 12 }, 17]);
    expect(server.asked).toEqual(['1', '1', '2', '2']);
    expect(reader.lines[1]).toMatchObject({ keyName: '鍵' });
    expect(reader.stderr).toBe('Connection lost. Trying again until it is back.\nConnected again.\n'.repeat(3));
  });

  it('waits for a server that is gone, says so once, and goes on when another one is there', async () => {
    const { port } = server;
    const reader = await reading();
    server.publish(eventFrame(sampleEvent(1)));
    await expect.poll(() => reader.seqs, PATIENCE).toEqual([1]);
    await server.stop();
    await expect.poll(() => reader.stderr, PATIENCE).toBe('Connection lost. Trying again until it is back.\n');
    // Longer than the first try takes to come.
    await new Promise((resolve) => setTimeout(resolve, 2500));
    server = new EventServer();
    server.frames = frames(1, 3);
    await server.start(port);
    await expect.poll(() => reader.seqs, PATIENCE).toEqual([1, 2, 3]);
    expect(server.asked).toEqual(['1']);
    expect(reader.stderr).toBe('Connection lost. Trying again until it is back.\nConnected again.\n');
  });

  it.each([
    ['unauthenticated', 4, 'Error: You are out\n'],
    ['forbidden', 4, 'Error: You are out\n'],
    [
      'not_found',
      3,
      'Error: The log has ended: you cannot see profile prof_2222222222222222 any more\n  Try: outkit profiles list\n',
    ],
  ] as const)('whose access ends with %s says so behind all that it was sent', async (code, exitCode, stderr) => {
    const reader = await reading();
    server.publish(eventFrame(sampleEvent(1)), endFrame(new OutkitError(code, 'You are out')));
    expect([await reader.exitCode(), reader.seqs, reader.stderr]).toEqual([exitCode, [1], stderr]);
  });

  it('with --json has its error as an object, and no notice of a cut', async () => {
    server.fates = [{ kind: 'cut', bytes: 0, how: 'reset' }];
    const reader = await reading('--json');
    await expect.poll(() => server.streams, PATIENCE).toBe(1);
    server.publish(endFrame(new OutkitError('forbidden', 'You are out', 'ask the owner')));
    expect(await reader.exitCode()).toBe(4);
    const error = { code: 'forbidden', message: 'You are out', hint: 'ask the owner' };
    expect(JSON.parse(reader.stderr)).toEqual({ error });
  });

  it('of a server that is not there from the start is exit 7', async () => {
    const finished = await project.run(['logs', 'tail', '--api-url', 'http://127.0.0.1:1']);
    expect([finished.exitCode, finished.stdout]).toEqual([7, '']);
    expect(finished.stderr).toMatch(/^Error: Cannot reach the Outkit server/);
  });
});

describe('logs tail on a terminal', () => {
  const EVENTS = [
    sampleEvent(1),
    sampleEvent(2, { status: 422, blocks: null, durationUs: 900, keyName: 'web' }),
    sampleEvent(3, { status: 429, verdict: 'rate_limited', blocks: null, count: 12, durationUs: 80 }),
    sampleEvent(4, { status: 503, isInterrupted: true, blocks: null, durationUs: 2_000_000 }),
  ];

  it.each([
    [
      80,
      [
        '11:59:01 200   12ms dev key      okd_7Hq3•••••••• /render/enhance 5 blocks',
        '11:59:02 422  0.9ms web          okd_7Hq3•••••••• /render/enhance',
        '11:59:03 429  0.1ms dev key      okd_7Hq3•••••••• /render/enhance over limit ×12',
        '11:59:04 503 2000ms dev key      okd_7Hq3•••••••• /render/enhance interrupted',
        'Missed 7 events',
      ],
    ],
    [
      50,
      [
        '11:59:01 200 dev key 12ms',
        '  okd_7Hq3••••••••  POST /render/enhance 5 blocks',
        '11:59:02 422 web 0.9ms',
        '  okd_7Hq3••••••••  POST /render/enhance',
        '11:59:03 429 dev key 0.1ms',
        '  okd_7Hq3••••••••  POST /render/e… over limit ×12',
        '11:59:04 503 dev key 2000ms',
        '  okd_7Hq3••••••••  POST /render/enha… interrupted',
        'Missed 7 events',
      ],
    ],
  ])('of %i columns shows a screen that is easy to read, and Ctrl-C ends it with 0', async (columns, rows) => {
    server.history = EVENTS.slice(0, 2);
    const terminal = project.terminal(['logs', 'tail'], { columns });
    await terminal.waitFor('422');
    await expect.poll(() => server.streams, PATIENCE).toBe(1);
    server.publish(...EVENTS.slice(2).map(eventFrame), gapFrame(7, 11));
    await terminal.waitFor('Missed');
    const [day, ...shown] = terminal.screen().split('\n');
    expect(day).toBe('── 2026-11-23 ──');
    expect(shown).toEqual(rows);
    terminal.type(CTRL_C);
    expect(await terminal.exitCode).toBe(0);
    expect(terminal.isRestored()).toBe(true);
    expect(terminal.screen().split('\n').at(-1)).toBe('^C');
  });

  it('colours the status: green, yellow, red', async () => {
    server.history = EVENTS;
    const terminal = project.terminal(['logs', 'tail', '--no-follow']);
    expect(await terminal.exitCode).toBe(0);
    const colours = [...terminal.output().matchAll(/\u001b\[(3\d)m(\d{3})\u001b/g)].map(([, colour, status]) => [
      status,
      colour,
    ]);
    expect(colours).toEqual([
      ['200', '32'],
      ['422', '33'],
      ['429', '33'],
      ['503', '31'],
    ]);
  });

  it('says that it waits, and that the connection is lost and there again', async () => {
    const terminal = project.terminal(['logs', 'tail']);
    await terminal.waitFor('Waiting for requests. Ctrl-C ends.');
    await expect.poll(() => server.streams, PATIENCE).toBe(1);
    server.cut();
    await terminal.waitFor('Connected again.');
    server.publish(eventFrame(sampleEvent(1)));
    await terminal.waitFor('5 blocks');
    expect(terminal.screen().split('\n').slice(0, 3)).toEqual([
      'Waiting for requests. Ctrl-C ends.',
      'Connection lost. Trying again until it is back.',
      'Connected again.',
    ]);
    terminal.signal('SIGTERM');
    expect(await terminal.exitCode).toBe(143);
  });
});
