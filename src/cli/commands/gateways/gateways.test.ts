import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { OutkitError } from '../../../core/errors.ts';
import { gatewayId } from '../../gateways.fixture.ts';
import { ESC, Machine } from '../../machine.fixture.ts';

const PLAIN = { tty: true, env: { NO_COLOR: '1' } };
const ONE = gatewayId('3f9a01c2');
const TWO = gatewayId('3f9b');
const GONE = gatewayId('77aa');
const EVICTED = `Evicted gateway-2 (3f9b0000): no change waits for it any more. If it runs, it comes back under another id within a second.\n`;

/** One that serves, one that was killed, and one that was stopped. */
async function withGateways(): Promise<Machine> {
  const machine = await Machine.start();
  const { members, now } = machine;
  members.add({ id: ONE, seenAt: now - 2_000 });
  members.add({ id: TWO, state: 'silent', seenAt: now - 300_000, behind: 3 });
  members.add({ id: GONE, state: 'drained', seenAt: now - 600_000, behind: null, retiredAt: now - 600_000 });
  return machine;
}

describe('gateways list', () => {
  it('is a table with starts of ids, tab-separated lines with whole ones, or one document', async () => {
    const machine = await withGateways();
    expect((await machine.run(['gateways', 'list'], PLAIN)).stdout).toBe(`\
ID        NAME       VERSION  STATE    SEEN     BEHIND  SINCE
3f9a01c2  gateway-1  1.2.3    serving  2s ago   0       1h ago
3f9b0000  gateway-2  1.2.3    silent   5m ago   3       1h ago
77aa0000  gateway-3  1.2.3    drained  10m ago  –       1h ago
`);
    expect((await machine.run(['gateways', 'list'])).stdout.split('\n')[2]).toBe(
      `${GONE}\tgateway-3\t1.2.3\tdrained\t2026-11-23T11:50:00.000Z\t–\t2026-11-23T11:00:00.000Z`,
    );
    const { data, hasMore } = JSON.parse((await machine.run(['gateways', 'list', '--json'])).stdout);
    expect([data[1], data.length, hasMore]).toEqual([
      {
        id: TWO,
        name: 'gateway-2',
        version: '1.2.3',
        state: 'silent',
        startedAt: '2026-11-23T11:00:00.000Z',
        seenAt: '2026-11-23T11:55:00.000Z',
        retiredAt: null,
        appliedSeq: 7,
        behind: 3,
      },
      3,
      false,
    ]);
  });

  it.each([40, 59, 60, 80])('keeps within %i columns, ids and states whole', async (columns) => {
    const machine = await withGateways();
    machine.members.add({ id: gatewayId('aa'), name: 'gateway-with-a-long-name.eu-central-1.example.com' });
    const { stdout } = await machine.run(['gateways', 'list'], { ...PLAIN, columns });
    for (const whole of ['3f9a01c2', 'serving', 'drained']) expect(stdout).toContain(whole);
    expect(stdout.split('\n').filter((line) => line.length > columns)).toEqual([]);
  });
});

it('gateways list says how long the last changes took, to people only', async () => {
  const machine = await withGateways();
  const took = (ms: number, waitedOut = 0) => ({ at: machine.now, gateway: 'gateway-1', ms, confirmed: 3, waitedOut });
  machine.members.barrierTimes = [took(2_510, 1), took(4), took(4), took(12)];
  const seen = await machine.run(['gateways', 'list'], PLAIN);
  expect(seen.stderr).toBe(
    'Last 4 changes: in force everywhere after 4.0ms (p50), 2510ms (p99), 2510ms at most; 1 waited for a lease to end\n',
  );
  expect((await machine.run(['gateways', 'list'])).stderr).toBe('');
  machine.members.barrierTimes = [took(4)];
  expect((await machine.run(['gateways', 'list'], PLAIN)).stderr).toMatch(/^Last change: in force everywhere after/);
});

describe('gateways evict', () => {
  it('asks, with No preselected, and says what it does; -y does not ask', async () => {
    const machine = await withGateways();
    const no = await machine.run(['gateways', 'evict', '3f9b'], { ...PLAIN, answers: [false] });
    expect(no).toMatchObject({ exitCode: 130, stderr: 'Cancelled: the gateway was not evicted\n' });
    expect(no.questions).toEqual([
      'Evict gateway-2 (3f9b0000), silent, last seen 5m ago? No change waits for it from then on; if it runs, it comes back under another id.',
    ]);
    expect(machine.members.evictions).toEqual([]);
    const yes = await machine.run(['gateways', 'evict', '3f9b'], { ...PLAIN, answers: [true] });
    expect(yes).toMatchObject({ exitCode: 0, stdout: EVICTED, stderr: '' });
    const json = await machine.run(['gateways', 'evict', ONE, '-y', '--json']);
    expect([JSON.parse(json.stdout), json.questions]).toEqual([{ id: ONE, state: 'retired' }, []]);
    expect(machine.members.evictions).toEqual([TWO, ONE]);
  });

  it('shows on a terminal that it waits, and leaves the line as it was', async () => {
    vi.useFakeTimers({ toFake: ['performance', 'setInterval', 'clearInterval'] });
    onTestFinished(() => void vi.useRealTimers());
    const machine = await withGateways();
    const evict = machine.members.evict.bind(machine.members);
    machine.members.evict = (id) => {
      vi.advanceTimersByTime(1_000);
      return evict(id);
    };
    const { stdout, stderr } = await machine.run(['gateways', 'evict', TWO, '-y'], PLAIN);
    expect(stderr).toBe(`\rWaiting until the last lease of gateway-2 (3f9b0000) is over\r${ESC}[2K`);
    expect(stdout).toBe(EVICTED);
  });

  it('of one that is gone already asks nothing and is no mistake, however often', async () => {
    const machine = await withGateways();
    const already = { exitCode: 0, stdout: 'Already drained: gateway-3 (77aa0000): no change waits for it\n' };
    expect(await machine.run(['gateways', 'evict', '77aa'], PLAIN)).toMatchObject({ ...already, questions: [] });
    for (let round = 0; round < 2; round++) {
      expect(await machine.run(['gateways', 'evict', GONE, '-y'])).toMatchObject(already);
    }
    const json = await machine.run(['gateways', 'evict', GONE, '-y', '--json']);
    expect(JSON.parse(json.stdout)).toEqual({ id: GONE, state: 'drained' });
  });

  it('without a terminal and -y does not even look', async () => {
    const machine = await withGateways();
    const { exitCode, stderr } = await machine.run(['gateways', 'evict', TWO]);
    expect([exitCode, machine.accesses]).toEqual([2, []]);
    expect(stderr).toBe(
      `Error: Refusing to evict without confirmation. Re-run with -y.\n  Try: outkit gateways evict ${TWO} -y\n`,
    );
  });

  it.each([
    ['a prefix with -y', ['3f9b', '-y'], 2, `outkit gateways evict ${TWO} -y`],
    ['a prefix of two', ['3f9', '-y'], 2, 'outkit gateways list'],
    ['a name', ['gateway-2', '-y'], 2, `outkit gateways evict ${TWO} -y`],
    ['what nothing is called', ['gateway-9', '-y'], 2, 'outkit gateways list'],
    ['an id with a typo', [ONE.replace('3f', '4f'), '-y'], 3, `outkit gateways evict ${ONE} -y`],
    ['an id of none', ['e'.repeat(32), '-y'], 3, 'outkit gateways list'],
  ])('refuses %s with what to type', async (_, argv, exitCode, hint) => {
    const machine = await withGateways();
    const finished = await machine.run(['gateways', 'evict', ...argv]);
    expect(finished).toMatchObject({ exitCode, stderr: expect.stringContaining(`\n  Try: ${hint}\n`) });
    expect(machine.members.evictions).toEqual([]);
  });

  it('refuses a prefix that fits several, with all of them', async () => {
    const machine = await withGateways();
    machine.members.add({ id: gatewayId('3f9b1') });
    const { exitCode, stderr } = await machine.run(['gateways', 'evict', '3f9b'], PLAIN);
    expect([exitCode, stderr]).toEqual([
      2,
      `Error: 3f9b fits 2 gateways: ${TWO} (gateway-2), ${gatewayId('3f9b1')} (gateway-4)\n  Try: a longer prefix\n`,
    ]);
  });

  it.each([
    ['forbidden', 4],
    ['bad_request', 2],
    ['unavailable', 7],
  ] as const)('that the server refuses with %s is exit %i', async (code, exitCode) => {
    const machine = await withGateways();
    machine.members.evict = async () => {
      throw new OutkitError(code, 'No');
    };
    expect((await machine.run(['gateways', 'evict', ONE, '-y'])).exitCode).toBe(exitCode);
  });
});

it('gateways from a server cannot act on the terminal', async () => {
  const machine = await Machine.start();
  machine.members.add({ id: ONE, name: `${ESC}[2Jevil\n`, version: `${ESC}[2Jevil\n` });
  const runs = [
    await machine.run(['gateways', 'list']),
    await machine.run(['gateways', 'list'], PLAIN),
    await machine.run(['gateways', 'evict', ONE], { ...PLAIN, answers: [true] }),
  ];
  for (const { stdout, stderr, questions } of runs) expect(`${stdout}${stderr}${questions}`).not.toContain(ESC);
});

it.each([
  [['gateways', 'ls'], 'outkit gateways list'],
  [['gateways', 'remove', ONE], `outkit gateways evict ${ONE}`],
])('%j is told what it is called here', async (argv, hint) => {
  const machine = await Machine.start();
  expect((await machine.run(argv)).stderr).toContain(`  Try: ${hint}\n`);
});
