import { describe, expect, it } from 'vitest';
import type { AuditEntry } from '../../core/audit.ts';
import { Machine } from '../machine.fixture.ts';

const PLAIN = { tty: true, env: { NO_COLOR: '1' } };

describe('audit', () => {
  it('is a table on a terminal, newest first, with what differs', async () => {
    const machine = await Machine.start();
    const { id } = await machine.newKey();
    machine.now += 3 * 3_600_000;
    await machine.run(['keys', 'revoke', id, '-y', '--reason', 'lost']);
    const { stdout, stderr } = await machine.run(['audit'], { ...PLAIN, columns: 120 });
    expect(stderr).toBe('');
    const [heading, first, second] = stdout.split('\n');
    expect(heading).toMatch(/^WHEN {6}WHO +ACTION +SUBJECT +DETAIL$/);
    expect(first).toMatch(new RegExp(`^just now  local +revoked key +${id} +revokedAt: – → 2026-11-23T15:00`));
    expect(second).toMatch(new RegExp(`^3h ago    local +created key +${id} +name: dev key, environment: develop`));
  });

  it.each([60, 80, 200])('keeps within %i columns, ids whole', async (columns) => {
    const machine = await Machine.start();
    const { id } = await machine.newKey();
    const { stdout } = await machine.run(['audit'], { ...PLAIN, columns });
    expect(stdout).toContain(id);
    expect(stdout.split('\n').filter((line) => line.length > columns)).toEqual([]);
  });

  it('is tab-separated where stdout is no terminal, with address and program', async () => {
    const machine = await Machine.start();
    const { id, plaintext } = await machine.newKey();
    const { stdout } = await machine.run(['audit', '--key', id.slice(0, 10)]);
    const detail = `name: dev key, environment: development, start: ${plaintext.slice(0, 8)}••••••••`;
    const at = '2026-11-23T12:00:00.000Z';
    expect(stdout).toBe(
      `${[at, 'local', 'key.create', id, detail, '127.0.0.1', 'outkit/1.2.3', '–', '–'].join('\t')}\n`,
    );
  });

  it('is one document with --json, and --since and --limit cut it', async () => {
    const machine = await Machine.start();
    await machine.newKey();
    machine.now += 2 * 86_400_000;
    for (let count = 0; count < 35; count++) await machine.newKey();
    const ask = async (...flags: string[]) => JSON.parse((await machine.run(['audit', '--json', ...flags])).stdout);
    expect(await ask('--since', '24h')).toMatchObject({ data: { length: 35 }, hasMore: false });
    expect(await ask('--limit', '33')).toMatchObject({ data: { length: 33 }, hasMore: true });
    expect((await ask()).data.at(-1)).toMatchObject({ seq: 1, action: 'profile.create', after: { plan: 'pro' } });
    for (const flags of [['--limit', '0'], ['--since', 'x'], ['--key', 'x'], ['--head', 'x'], ['more']]) {
      expect([flags, (await machine.run(['audit', ...flags])).exitCode]).toEqual([flags, 2]);
    }
  });

  it('says by which session, what people did in words, and how it went where that is not certain', async () => {
    const machine = await Machine.start();
    await machine.newKey();
    const { list } = machine.audit;
    const person = { session: 'session_2222222222222222', actor: 'ann@example.com' };
    machine.overrideAudit({
      async list(query) {
        const [entry] = (await list(query)).data;
        if (entry === undefined) throw new Error('no entry');
        const doing = (action: string, outcome: 'done' | 'failed' | 'unknown' | null) =>
          ({
            ...entry,
            ...person,
            before: null,
            after: { method: 'device', outcome: 'pending' },
            action,
            outcome,
          }) as const;
        const data = [
          doing('member.role', null),
          doing('session.start', 'failed'),
          doing('session.end', 'unknown'),
          doing('person.password', 'done'),
          doing('moon.land', null),
        ];
        return { data, nextCursor: null };
      },
    });
    const onTerminal = await machine.run(['audit'], { ...PLAIN, columns: 160 });
    const actions = onTerminal.stdout.split('\n').map((line) => line.slice(27, 27 + 29).trimEnd());
    expect(actions.slice(1, 6)).toEqual([
      'changed role',
      'signed in (failed)',
      'signed out (outcome unknown)',
      'set password',
      'moon.land',
    ]);
    expect(onTerminal.stdout.match(/in session_2222222222222222/g)).toHaveLength(5);
    expect(onTerminal.stdout.match(/method: device, in session_/g)).toHaveLength(5);
    const piped = (await machine.run(['audit'])).stdout.split('\n').map((line) => line.split('\t'));
    expect(piped.slice(0, 3).map((cells) => [cells[2], ...cells.slice(-2)])).toEqual([
      ['member.role', 'session_2222222222222222', '–'],
      ['session.start', 'session_2222222222222222', 'failed'],
      ['session.end', 'session_2222222222222222', 'unknown'],
    ]);
    const { data } = JSON.parse((await machine.run(['audit', '--json'])).stdout);
    expect(data.map(({ outcome }: { outcome: unknown }) => outcome)).toEqual([null, 'failed', 'unknown', 'done', null]);
  });

  it('is of the team that is named, else of that of the active profile', async () => {
    const machine = await Machine.start();
    machine.server.addTeam('Web', 'team_3333333333333333', 'owner');
    const asked: unknown[] = [];
    const { list, chain } = machine.audit;
    machine.overrideAudit({
      list: (query) => {
        asked.push(query.teamId);
        return list(query);
      },
      chain: (after, teamId) => {
        asked.push(teamId);
        return chain(after);
      },
    });
    for (const team of [[], ['--team', 'Web'], ['--team', 'team_2222222222222222']]) {
      for (const words of [['audit'], ['audit', 'verify']]) {
        expect((await machine.run([...words, ...team])).exitCode).toBe(0);
      }
    }
    const [web, local] = ['team_3333333333333333', 'team_2222222222222222'];
    expect(asked).toEqual([local, local, web, web, local, local]);
    expect((await machine.run(['audit', '--team', 'Nowhere'])).exitCode).toBe(3);
  });

  it('writes out what would act on the terminal', async () => {
    const machine = await Machine.start();
    await machine.newKey();
    const { list } = machine.audit;
    machine.overrideAudit({
      async list(query) {
        const page = await list(query);
        return { ...page, data: page.data.map((entry) => ({ ...entry, actor: '\x1b[2J', client: 'a\tb' })) };
      },
    });
    expect((await machine.run(['audit'])).stdout).toMatch(/\t\\x1b\[2J\t.*\ta\\x09b\t–\t–\n/);
  });
});

describe('audit verify', () => {
  const verify = (machine: Machine, ...flags: string[]) => machine.run(['audit', 'verify', ...flags]);

  function tamper(machine: Machine, edit: (entries: readonly AuditEntry[]) => readonly AuditEntry[]): void {
    const { chain } = machine.audit;
    machine.overrideAudit({
      async chain(after) {
        const page = await chain(after);
        return { ...page, data: edit(page.data) };
      },
    });
  }

  it('prints the head of an intact log: alone in a pipe, and one that fits later', async () => {
    const machine = await Machine.start();
    await machine.newKey();
    const { exitCode, stdout } = await verify(machine);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^2:[0-9a-f]{64}\n$/);
    const head = stdout.trim();
    await machine.newKey();
    const json = await verify(machine, '--head', head, '--json');
    expect(JSON.parse(json.stdout)).toEqual({ intact: true, entries: 3, head: expect.stringMatching(/^3:/) });
    const onTerminal = await machine.run(['audit', 'verify'], PLAIN);
    expect(onTerminal.stdout).toMatch(
      /^Intact: 3 entries\nKeep this where the server cannot write: {2}3:[0-9a-f]{64}\n$/,
    );
  });

  it.each<[string, string, (entries: readonly AuditEntry[]) => readonly AuditEntry[]]>([
    [
      'an edited entry',
      'Entry 2 of the audit log is not what was written there',
      (entries) => entries.map((entry) => (entry.seq === 2 ? { ...entry, actor: 'grace' } : entry)),
    ],
    ['a missing entry', 'Entry 2 of the audit log is missing', (entries) => entries.filter(({ seq }) => seq !== 2)],
  ])('is exit 1 for %s, by name', async (_what, message, edit) => {
    const machine = await Machine.start();
    await machine.newKey();
    await machine.newKey();
    tamper(machine, edit);
    const { exitCode, stdout, stderr } = await verify(machine);
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toContain(`Error: ${message}\n`);
    const json = await verify(machine, '--json');
    expect(JSON.parse(json.stderr)).toMatchObject({ error: { code: 'audit_broken', message } });
  });

  it('finds a cut tail and a new chain with the head that was kept, and refuses what is no head', async () => {
    const machine = await Machine.start();
    await machine.newKey();
    const head = (await verify(machine)).stdout.trim();
    const other = `2:${'0'.repeat(64)}`;
    expect((await verify(machine, '--head', other)).stderr).toContain('was rewritten: entry 2');
    tamper(machine, (entries) => entries.slice(0, 1));
    expect((await verify(machine)).exitCode).toBe(0);
    expect(await verify(machine, '--head', head)).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('was cut off: it ends at entry 1'),
    });
    expect((await verify(machine, '--head', '2')).exitCode).toBe(2);
  });
});
