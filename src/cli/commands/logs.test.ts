import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '../../core/clock.ts';
import { OutkitError } from '../../core/errors.ts';
import type { TailItem } from '../../core/event-service.ts';
import type { StoredEvent } from '../../core/render-event.ts';
import { sampleEvent } from '../events.fixture.ts';
import { type FakeIo, type Finished, Machine, type MachineOptions, NOON, PROFILE } from '../machine.fixture.ts';

const PLAIN = { tty: true, env: { NO_COLOR: '1' } };

async function machineWith(...kept: StoredEvent[]): Promise<Machine> {
  const machine = await Machine.start();
  machine.log.kept = kept;
  return machine;
}

const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => sampleEvent(from + index));

/** Numbers of the events on standard output, as JSON or as lines of JSON. */
function seqsOf(stdout: string): number[] {
  return [...stdout.matchAll(/"seq": ?(\d+)/g)].map(([, seq]) => Number(seq));
}

function event(seq: number): TailItem {
  return { kind: 'event', event: sampleEvent(seq) };
}

/** Runs a tail, and ends it by Ctrl-C, or by another signal, when its last connection has given all of it. */
async function watched(
  machine: Machine,
  argv: string[],
  options: MachineOptions = {},
  signal = 'SIGINT',
): Promise<Finished> {
  const io: FakeIo = machine.io(options);
  const scripts = machine.log.scripts;
  const last = scripts.pop() ?? [];
  machine.log.scripts = [...scripts, [...last, () => io.signal(signal)]];
  return machine.runWith(['logs', 'tail', ...argv], io);
}

describe('logs', () => {
  it('shows the last ones on a terminal, the newest at the end', async () => {
    const machine = await machineWith(...range(1, 4));
    const { exitCode, stdout, stderr } = await machine.run(['logs', '--limit', '3'], PLAIN);
    expect([exitCode, stderr]).toEqual([0, 'There are more than 3 requests. See more: -n 30\n']);
    expect(stdout.match(/:\d\d {2}200/g)).toEqual([':02  200', ':03  200', ':04  200']);
  });

  it('is tab-separated where stdout is no terminal, with ISO times and the verdict by its name', async () => {
    const machine = await machineWith(
      sampleEvent(1, { keyName: 'a\tb' }),
      sampleEvent(2, { status: 429, verdict: 'rate_limited', blocks: null, count: 3 }),
    );
    const { stdout, stderr } = await machine.run(['logs']);
    expect(stderr).toBe('');
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => line.split('\t')),
    ).toEqual([
      [
        '2026-11-23T11:59:01.000Z',
        '200',
        'key_7hq3m2xk9tqw4bnz',
        'a\\x09b',
        'okd_7Hq3••••••••',
        'POST',
        '/render/enhance',
        '12.3',
        '5',
        'accepted',
        '1',
      ],
      [
        '2026-11-23T11:59:02.000Z',
        '429',
        'key_7hq3m2xk9tqw4bnz',
        'dev key',
        'okd_7Hq3••••••••',
        'POST',
        '/render/enhance',
        '12.3',
        '–',
        'rate_limited',
        '3',
      ],
    ]);
  });

  it('is one document with --json, in the same order, over all pages', async () => {
    const machine = await machineWith(...range(1, 260));
    const { stdout, stderr } = await machine.run(['logs', '--json', '-n', '250'], { tty: true });
    expect(stderr).toBe('');
    const { data, hasMore } = JSON.parse(stdout);
    expect([data.length, data[0].seq, data[249].seq, hasMore]).toEqual([250, 11, 260, true]);
    expect(data[0]).toMatchObject({ at: '2026-11-23T11:59:11.000Z', verdict: 'accepted', profileId: PROFILE });
    expect(machine.log.lists.map(({ limit }) => limit)).toEqual([100, 100, 50]);
  });

  it('asks the server for what fits the filters', async () => {
    const machine = await machineWith();
    const { id } = await machine.newKey();
    const flags = [
      '--key',
      id.slice(0, 9),
      '--status',
      '>=400',
      '--path',
      '/render/enhance',
      '--since',
      '10m',
      '--all-profiles',
    ];
    const { exitCode, stderr } = await machine.run(['logs', ...flags]);
    expect([exitCode, stderr]).toEqual([0, 'No requests there. Watch for the next ones: outkit logs tail\n']);
    expect(machine.log.lists).toEqual([
      {
        profileId: PROFILE,
        allProfiles: true,
        keyId: id,
        status: { min: 400, max: 599 },
        path: '/render/enhance',
        since: NOON - 10 * MINUTE_MS,
        cursor: null,
        limit: 50,
      },
    ]);
  });

  it.each([
    [['--status', 'bad'], '--status'],
    [['--path', 'render'], '--path'],
    [['--path', '/render?key=x'], '--path'],
    [['--since', 'yesterday'], '--since'],
    [['-n', '0'], '-n'],
    [['--limit', '10001'], '--limit'],
  ])('%j is a usage error before the server is asked', async (flags, name) => {
    const machine = await machineWith();
    const { exitCode, stderr } = await machine.run(['logs', ...flags]);
    expect([exitCode, stderr]).toEqual([2, expect.stringMatching(new RegExp(`^Error: ${name} takes `))]);
    expect([machine.log.lists, machine.accesses]).toEqual([[], []]);
  });
});

describe('logs tail', () => {
  it('shows the last 10, then goes on behind them, a line of JSON for each', async () => {
    const machine = await machineWith(...range(1, 12));
    machine.log.scripts = [[{ kind: 'heartbeat' }, event(13), event(14)]];
    const { exitCode, stdout, stderr } = await watched(machine, []);
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(seqsOf(stdout)).toEqual(range(3, 14).map(({ seq }) => seq));
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).at)[0],
    ).toBe('2026-11-23T11:59:03.000Z');
    expect(machine.log.tails).toEqual([
      { profileId: PROFILE, allProfiles: false, keyId: null, status: null, path: null, after: 12 },
    ]);
  });

  it('with a filter goes on behind the newest of all, so that what happens meanwhile is not lost', async () => {
    const machine = await machineWith(...range(1, 9));
    await watched(machine, ['--status', '5xx']);
    expect(machine.log.tails[0]).toMatchObject({ status: { min: 500, max: 599 }, after: 9 });
  });

  it('takes its flags before and behind its name', async () => {
    const machine = await machineWith(...range(1, 9));
    await machine.run(['logs', '--status', '5xx', 'tail', '--no-follow', '--path', '/components', '-n', '3']);
    expect(machine.log.lists[1]).toMatchObject({ status: { min: 500, max: 599 }, path: '/components', limit: 3 });
  });

  it('with -n 0 shows only what is new; with --since all since then', async () => {
    const machine = await machineWith(...range(1, 59));
    machine.log.scripts = [[event(60)]];
    expect(seqsOf((await watched(machine, ['-n', '0'])).stdout)).toEqual([60]);
    const since = await machine.run(['logs', 'tail', '--no-follow', '--since', '1m']);
    expect(seqsOf(since.stdout)).toHaveLength(59);
  });

  it('with --no-follow shows the last ones and ends', async () => {
    const machine = await machineWith(...range(1, 12));
    const { exitCode, stdout } = await machine.run(['logs', 'tail', '--no-follow', '-n', '2']);
    expect([exitCode, seqsOf(stdout), machine.log.tails]).toEqual([0, [11, 12], []]);
  });

  it('tells of a cut once and when it is over, on standard error, and of what was missed in the data', async () => {
    const machine = await machineWith(sampleEvent(1));
    const fails = () => {
      throw new OutkitError('unreachable', 'Cut');
    };
    machine.log.scripts = [
      [{ kind: 'heartbeat' }, event(2), fails],
      [fails],
      [{ kind: 'heartbeat' }, { kind: 'gap', missed: 12, seq: 14 }, event(15), { kind: 'gap', missed: null, seq: 20 }],
    ];
    const { stdout, stderr, waits } = await watched(machine, []);
    expect(stderr).toBe('Connection lost. Trying again until it is back.\nConnected again.\n');
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ seq, gap }) => seq ?? { gap })).toEqual([1, 2, { gap: 12 }, 15, { gap: null }]);
    expect(waits).toHaveLength(2);
    expect(machine.log.tails.map(({ after }) => after)).toEqual([1, 2, 2]);
  });

  it('on a terminal says what was missed in words', async () => {
    const machine = await machineWith();
    machine.log.scripts = [
      [
        { kind: 'gap', missed: 12, seq: 14 },
        { kind: 'gap', missed: 1, seq: 15 },
        { kind: 'gap', missed: null, seq: 20 },
      ],
    ];
    const { stdout, stderr } = await watched(machine, [], PLAIN);
    expect(stderr).toBe('Waiting for requests. Ctrl-C ends.\n\n');
    expect(stdout).toBe(
      'Missed 12 events\nMissed 1 event\nMissed events: some of what happened meanwhile is not kept any more\n',
    );
  });

  it('with --json writes the same objects on a terminal, and nothing on standard error', async () => {
    const machine = await machineWith(sampleEvent(1));
    machine.log.scripts = [
      [
        () => {
          throw new OutkitError('timeout', 'Silent');
        },
      ],
      [event(2)],
    ];
    const { stdout, stderr } = await watched(machine, ['--json'], { tty: true });
    expect(stdout.split('\n').map((line) => line.startsWith('{"seq":'))).toEqual([true, true, false]);
    expect(stderr.trim()).toBe('');
  });

  it.each([
    [
      'not_found',
      3,
      `Error: The log has ended: you cannot see profile ${PROFILE} any more\n  Try: outkit profiles list\n`,
    ],
    ['unauthenticated', 4, 'Error: The server does not know you\n'],
    ['forbidden', 4, 'Error: The server does not know you\n'],
  ] as const)('ends with %s when access is lost', async (code, expected, message) => {
    const machine = await machineWith();
    machine.log.scripts = [
      [
        event(1),
        () => {
          throw new OutkitError(code, 'The server does not know you');
        },
      ],
    ];
    const { exitCode, stdout, stderr } = await machine.run(['logs', 'tail']);
    expect([exitCode, stderr, seqsOf(stdout)]).toEqual([expected, message, [1]]);
  });

  it('of a profile that is not there says which there are', async () => {
    const machine = await machineWith();
    machine.overrideEvents({
      list: async () => {
        throw new OutkitError('not_found', 'There is no such profile');
      },
    });
    const { exitCode, stderr } = await machine.run(['logs', 'tail', '--profile', 'prof_3333333333333333']);
    expect(exitCode).toBe(3);
    expect(stderr).toContain(`There are ${PROFILE} (Default)\n  Try: outkit logs tail --profile ${PROFILE}\n`);
  });

  it('ends with 143 at SIGTERM', async () => {
    const machine = await machineWith();
    machine.log.scripts = [[event(1)]];
    expect(await watched(machine, [], {}, 'SIGTERM')).toMatchObject({ exitCode: 143, stderr: '' });
  });
});
