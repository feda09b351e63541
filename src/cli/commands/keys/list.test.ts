import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../core/clock.ts';
import type { KeySummary } from '../../../core/key-service.ts';
import { ESC, Machine, NOON, PROFILE } from '../../machine.fixture.ts';

async function createKeys(machine: Machine, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let index = 0; index < count; index++) ids.push((await machine.newKey()).id);
  return ids;
}

const PLAIN = { tty: true, env: { NO_COLOR: '1' } };

describe('list', () => {
  it('is a table on a terminal', async () => {
    const machine = await Machine.start();
    const { id, plaintext } = await machine.newKey();
    const { stdout, stderr } = await machine.run(['keys', 'list'], PLAIN);
    expect(stderr).toBe('');
    expect(stdout).toBe(
      [
        'ID                    NAME     KEY               ENVIRONMENT  LAST USED  STATUS',
        `${id}  dev key  ${plaintext.slice(0, 8)}••••••••  development  never      active`,
        '',
      ].join('\n'),
    );
  });

  it('is tab-separated where stdout is no terminal: no header, no truncation, no colour, ISO times', async () => {
    const machine = await Machine.start();
    const name = 'a name of sixty-four characters, as long as a name may be, xxxxx';
    const { stdout: created } = await machine.run(['keys', 'create', '-n', name, '--json']);
    const { id, start } = JSON.parse(created);
    const { list } = machine.keys;
    machine.override({
      async list(query) {
        const page = await list(query);
        return { ...page, data: page.data.map((key) => ({ ...key, lastUsedAt: machine.now })) };
      },
    });
    const { stdout } = await machine.run(['keys', 'list'], { columns: 40, env: { FORCE_COLOR: '1' } });
    expect(stdout).toBe(`${id}\t${name}\t${start}••••••••\tdevelopment\t2026-11-23T12:00:00.000Z\tactive\n`);
  });

  it('is one document with --json, nothing else on either stream', async () => {
    const machine = await Machine.start();
    const ids = await createKeys(machine, 2);
    const { stdout, stderr } = await machine.run(['keys', 'list', '--json'], { tty: true });
    expect(stderr).toBe('');
    const { data, hasMore } = JSON.parse(stdout);
    expect(hasMore).toBe(false);
    expect(new Set(data.map((key: { id: string }) => key.id))).toEqual(new Set(ids));
    expect(data[0]).toMatchObject({
      profileId: PROFILE,
      lastUsedAt: null,
      expiresAt: null,
      createdAt: '2026-11-23T12:00:00.000Z',
    });
    expect(data[0]).not.toHaveProperty('key');
  });

  it('of no keys is a hint on stderr and exit 0', async () => {
    const machine = await Machine.start();
    const { exitCode, stdout, stderr } = await machine.run(['keys', 'list']);
    expect([exitCode, stdout]).toEqual([0, '']);
    expect(stderr).toBe(`No active keys in ${PROFILE}. Create one: outkit keys create -n "dev key"\n`);
    const json = await machine.run(['keys', 'list', '--json']);
    expect([JSON.parse(json.stdout), json.stderr]).toEqual([{ data: [], hasMore: false }, '']);
  });

  it('follows all pages, and --limit stops', async () => {
    const machine = await Machine.start();
    await createKeys(machine, 130);
    expect((await machine.run(['keys', 'list'])).stdout.trimEnd().split('\n')).toHaveLength(130);
    const limited = await machine.run(['keys', 'list', '--limit', '101', '--json']);
    expect(JSON.parse(limited.stdout)).toMatchObject({ hasMore: true, data: { length: 101 } });
    const noted = await machine.run(['keys', 'list', '--limit', '3']);
    expect(noted.stderr).toContain('more than 3 keys');
    for (const limit of ['0', '-1', '1.5', 'many']) {
      expect((await machine.run(['keys', 'list', '--limit', limit])).exitCode).toBe(2);
    }
  });

  it('shows revoked keys and former secrets with --all only', async () => {
    const machine = await Machine.start();
    const [revoked = '', rotated = ''] = await createKeys(machine, 2);
    await machine.run(['keys', 'revoke', revoked, '-y']);
    await machine.run(['keys', 'rotate', rotated, '--grace', '0', '-y']);
    await machine.run(['keys', 'rotate', rotated]);
    const statuses = (stdout: string) =>
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => [line.split('\t')[0], line.split('\t')[5]]);
    expect(statuses((await machine.run(['keys', 'list'])).stdout)).toEqual([[rotated, 'rotating']]);
    expect(statuses((await machine.run(['keys', 'list', '--all'])).stdout).sort()).toEqual(
      [
        [revoked, 'revoked'],
        [rotated, 'rotating'],
        [rotated, 'grace'],
        [rotated, 'superseded'],
      ].sort(),
    );
  });
});

describe('width', () => {
  async function lines(columns: number): Promise<{ id: string; lines: string[] }> {
    const machine = await Machine.start();
    const { stdout } = await machine.run(['keys', 'create', '-n', 'a rather long name 名前 of a key', '--json']);
    const list = await machine.run(['keys', 'list'], { ...PLAIN, columns });
    return { id: JSON.parse(stdout).id, lines: list.stdout.trimEnd().split('\n') };
  }

  it.each([60, 61, 70, 73, 79, 80, 90, 99, 100, 120])(
    'of %i columns is kept, and id, masked key and status are never cut',
    async (columns) => {
      const { id, lines: table } = await lines(columns);
      expect(table).toHaveLength(2);
      for (const line of table) expect([...line.replaceAll(/[名前]/g, '..')].length).toBeLessThanOrEqual(columns);
      expect(table[1]).toContain(id);
      expect(table[1]).toMatch(/okd_\w{4}••••••••/);
      expect(table[1]).toMatch(/active$/);
    },
  );

  it('shortens the name first, then the environment', async () => {
    expect((await lines(90)).lines[1]).toMatch(/a rather .*….*development/);
    expect((await lines(73)).lines[1]).toMatch(/a rat….*deve\S*…/);
  });

  it.each([20, 40, 59])('of %i columns makes a card of each key', async (columns) => {
    const { id, lines: card } = await lines(columns);
    expect(card).toHaveLength(4);
    expect(card.slice(1)).toEqual([
      `  ${id}  active`,
      expect.stringMatching(/^ {2}okd_\w{4}•{8} {2}development$/),
      '  last used never',
    ]);
  });
});

describe('text from a server that means harm', () => {
  it('does nothing to the terminal: escapes are written out', async () => {
    const machine = await Machine.start();
    await machine.newKey();
    const { list } = machine.keys;
    const evil = `${ESC}]0;owned\x07${ESC}[2J\r\x08\x9b31m\u202eevil\tx\ny`;
    machine.override({
      async list(query) {
        const page = await list(query);
        return { ...page, data: page.data.map((key) => ({ ...key, name: evil, id: evil, start: evil })) };
      },
    });
    for (const options of [PLAIN, { ...PLAIN, columns: 40 }, {}]) {
      const { stdout } = await machine.run(['keys', 'list'], options);
      expect(stdout).not.toMatch(/(?![\n\t])[\p{Cc}\u202e]/u);
    }
    const { stdout } = await machine.run(['keys', 'list'], { ...PLAIN, columns: 400 });
    expect(stdout).toContain('\\x1b]0;owned\\x07\\x1b[2J\\x0d\\x08\\x9b31m\\u202eevil\\x09x\\x0ay');
    const json = await machine.run(['keys', 'list', '--json']);
    expect(json.stdout).not.toMatch(/(?!\n)[\p{Cc}\u202e]/u);
    expect(JSON.parse(json.stdout).data[0].name).toBe(evil);
  });
});

/** Makes the list show its keys with these changes, the newest key first. */
async function showing(machine: Machine, ...changes: Partial<KeySummary>[]): Promise<void> {
  await createKeys(machine, changes.length);
  const { list } = machine.keys;
  machine.override({
    async list(query) {
      const page = await list(query);
      return { ...page, data: page.data.map((key, index) => ({ ...key, ...changes[index] })) };
    },
  });
}

describe('--unused', () => {
  const names = (stdout: string) => [...stdout.matchAll(/^key_\S+\t(\w+)/gm)].map(([, name]) => name);

  it('lists keys whose last use is that long ago, and those that nobody ever used although they are that old', async () => {
    const machine = await Machine.start();
    await showing(
      machine,
      { name: 'rested', createdAt: NOON - 90 * DAY_MS, lastUsedAt: NOON - 30 * DAY_MS },
      { name: 'busy', createdAt: NOON - 90 * DAY_MS, lastUsedAt: NOON - 30 * DAY_MS + 1 },
      { name: 'forgotten', createdAt: NOON - 30 * DAY_MS, lastUsedAt: null },
      { name: 'new', createdAt: NOON - 29 * DAY_MS, lastUsedAt: null },
    );
    expect(names((await machine.run(['keys', 'list', '--unused', '30d'])).stdout)).toEqual(['rested', 'forgotten']);
    const none = await machine.run(['keys', 'list', '--unused', '91d']);
    expect([none.exitCode, none.stdout]).toEqual([0, '']);
    expect(none.stderr).toBe(`No active keys in ${PROFILE} were unused for that long. All of them: outkit keys list\n`);
  });

  it('looks on all pages, and --limit counts what fits', async () => {
    const machine = await Machine.start();
    await createKeys(machine, 120);
    machine.now += 31 * DAY_MS;
    await createKeys(machine, 110);
    const found = async (...flags: string[]) => {
      const { stdout } = await machine.run(['keys', 'list', '--unused', '30d', '--json', ...flags]);
      const { data, hasMore } = JSON.parse(stdout);
      return [data.length, hasMore];
    };
    expect(await found()).toEqual([120, false]);
    expect(await found('--limit', '119')).toEqual([119, true]);
  });

  it('takes a span only', async () => {
    const machine = await Machine.start();
    const { exitCode, stderr } = await machine.run(['keys', 'list', '--unused', 'long']);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('--unused takes a duration')]);
  });
});

describe('a warning', () => {
  const previous = (lastUsedAt: number | null) => ({
    status: 'rotating' as const,
    previousSecret: { start: 'okd_oldx', acceptedUntil: NOON + 20 * HOUR_MS, lastUsedAt },
  });

  it('stands under the table for a key that expires within 7 days', async () => {
    const machine = await Machine.start();
    await showing(
      machine,
      { name: 'soon', expiresAt: NOON + 7 * DAY_MS },
      { name: 'later', expiresAt: NOON + 7 * DAY_MS + 1 },
      { name: 'over', expiresAt: NOON - 1, status: 'expired' },
    );
    const { stderr } = await machine.run(['keys', 'list', '--all'], PLAIN);
    expect(stderr).toMatch(
      /^Warning: soon \(key_\w{16}, development\) expires in 7d\. Another one: outkit keys create\n$/,
    );
  });

  it('stands there for an old secret that will end, and was used in the last 4 hours', async () => {
    const machine = await Machine.start();
    await showing(
      machine,
      { name: 'used', ...previous(NOON - 4 * HOUR_MS) },
      { name: 'rested', ...previous(NOON - 4 * HOUR_MS - MINUTE_MS) },
      { name: 'left', ...previous(null) },
    );
    const { stderr } = await machine.run(['keys', 'list'], PLAIN);
    expect(stderr).toMatch(
      /^Warning: the old secret okd_oldx•{8} of used \(key_\w{16}, development\) ends in 20h and was used 4h ago\. Who: outkit keys stats key_\w{16}\n$/,
    );
  });

  it('comes on a terminal only, and 20 times at most', async () => {
    const machine = await Machine.start();
    await showing(machine, ...Array.from({ length: 23 }, () => ({ expiresAt: NOON + DAY_MS })));
    expect((await machine.run(['keys', 'list'])).stderr).toBe('');
    const { stderr } = await machine.run(['keys', 'list'], PLAIN);
    expect(stderr.trimEnd().split('\n')).toHaveLength(21);
    expect(stderr).toContain('Warning: and 3 more like these\n');
  });
});
