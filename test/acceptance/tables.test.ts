import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CreatedKey } from '../../src/core/key-service.ts';
import { type DevServer, startDev } from './dev-server.ts';
import type { Terminal } from './terminal.ts';

let server: DevServer;
let web: CreatedKey;
let rotated: CreatedKey;
let wide: CreatedKey;
let gone: CreatedKey;
beforeAll(async () => {
  server = await startDev();
  ({ key: web } = await server.newKey({ name: 'web', environment: 'production' }));
  ({ key: gone } = await server.newKey({ name: 'gone', environment: 'staging' }));
  ({ key: wide } = await server.newKey({ name: '開発キー 👩🏽‍💻 of the team that has the longest name of all teams' }));
  const { key, plaintext } = await server.newKey({ name: 'ci', rateLimitPerMinute: 100 });
  rotated = await server.keys.rotate(key.id, { graceMs: 3_600_000, replaceNew: false, secret: null });
  await server.render(plaintext);
  for (let request = 0; request < 3; request++) await server.render(rotated.key ?? '');
  await server.keys.revoke(gone.id, null);
});
afterAll(() => server.stop());

async function shown(args: readonly string[], columns: number): Promise<Terminal> {
  const terminal = server.newProject().terminal(['keys', ...args], { columns, rows: 50 });
  expect(await terminal.exitCode).toBe(0);
  return terminal;
}

/** Rows of the terminal, as it has broken them, without the warning below. */
function rowsOf(terminal: Terminal): string[] {
  return tableAndWarning(terminal)[0].split('\n');
}

function tableAndWarning(terminal: Terminal): [table: string, warning: string] {
  const [table = '', warning = ''] = terminal.scrollback().split('\nWarning: ');
  return [table, warning];
}

describe('keys list', () => {
  it('is a table with every column on 120 columns', async () => {
    const terminal = await shown(['list'], 120);
    const [header = '', ...rows] = rowsOf(terminal);
    expect(header).toMatch(/^ID +NAME +KEY +ENVIRONMENT +LAST USED +STATUS$/);
    expect(rows.map((row) => row.split(/ {2,}/))).toEqual([
      [rotated.id, 'ci', `${rotated.start}••••••••`, 'development', 'just now', 'rotating'],
      [
        wide.id,
        expect.stringMatching(/^開発キー 👩🏽‍💻 of the team.*…$/u),
        `${wide.start}••••••••`,
        'development',
        'never',
        'active',
      ],
      [web.id, 'web', `${web.start}••••••••`, 'production', 'never', 'active'],
    ]);
  });

  it.each([120, 80, 70, 64])(
    'on %i columns keeps ids, masked keys and states whole, and each key on one row',
    async (columns) => {
      const rows = rowsOf(await shown(['list', '--all'], columns));
      for (const { id, start } of [rotated, wide, web, gone]) {
        const row = rows.find((text) => text.startsWith(id));
        expect(row).toContain(` ${start}•••••••• `);
        expect(row).toMatch(/ (rotating|active|revoked)$/);
      }
      expect(rows).toHaveLength(6);
    },
  );

  it.each([59, 50, 36])('on %i columns is a card for each key', async (columns) => {
    const rows = rowsOf(await shown(['list'], columns));
    const at = rows.indexOf('web');
    expect(rows.slice(at, at + 4)).toEqual([
      'web',
      `  ${web.id}  active`,
      `  ${web.start}••••••••  production`,
      '  last used never',
    ]);
    expect(rows).toHaveLength(12);
    expect(rows.find((row) => row.startsWith('開発'))).toMatch(/…$/);
  });

  it('warns below of the old secret that is in use and will end, on every width', async () => {
    for (const columns of [120, 50]) {
      const [, warning] = tableAndWarning(await shown(['list'], columns));
      expect(warning).toMatch(
        /^the old secret okd_\w{4}•{8} of ci \(key_\w{16}, development\) ends in 59m and was used just now\. Who: outkit keys stats key_\w{16}$/,
      );
    }
  });

  it('with --all shows former secrets below their key', async () => {
    const rows = rowsOf(await shown(['list', '--all'], 100));
    const at = rows.findIndex((row) => row.startsWith(rotated.id));
    expect(rows[at + 1]).toMatch(/^ +okd_\w{4}•{8} +just now +grace$/);
    expect(rows.some((row) => row.startsWith(gone.id) && row.endsWith('revoked'))).toBe(true);
  });

  it('has colours on a terminal, and none with --no-color, NO_COLOR or TERM=dumb', async () => {
    const project = server.newProject();
    const coloured = async (args: string[], env = {}) => {
      const terminal = project.terminal(['keys', 'list', ...args], { env });
      await terminal.exitCode;
      return terminal.output().includes('\x1b[');
    };
    expect(await coloured([])).toBe(true);
    expect(await coloured(['--no-color'])).toBe(false);
    expect(await coloured([], { NO_COLOR: '1' })).toBe(false);
    expect(await coloured([], { TERM: 'dumb' })).toBe(false);
  });
});

describe('keys stats', () => {
  it('shows counts, headroom and a bar for each hour of the window', async () => {
    const text = (await shown(['stats', web.id], 80)).screen();
    expect(text).toContain(`web (${web.id}, production)  active\nLast 24h, since `);
    expect(text).toMatch(/\n {2}Renders served {2}0\n/);
    expect(text).toMatch(/\n {2}Error rate {6}–\n/);
    expect(text).toMatch(/\n {2}Last used {7}never\n/);
    expect(text).toMatch(/\n {2}Headroom {8}(\d+) of \1 left\n/);
    expect(text).toMatch(/\n {2}Requests {8}▁{25}$/);
  });

  it('in a grace window says how much still uses the old secret, and who last did', async () => {
    const text = (await shown(['stats', rotated.id], 80)).screen();
    expect(text).toMatch(/\n {2}Renders served {2}4\n {2}Error rate {6}0 % \(0 of the caller, 0 of the server\)\n/);
    expect(text).toMatch(/\n {2}Headroom {8}9\d of 100 left, resets in \d+ s\n/);
    expect(text).toMatch(/\n {2}Requests {8}▁+█/);
    expect(text).toMatch(/\nGrace window: the old secret is accepted until \d{4}-/);
    expect(text).toMatch(
      /\n {2}Share {8}25 % of the traffic \(1\)\n {2}Last caller {2}just now from 127\.0\.0\.1 \(acceptance\/1\.0\)\n/,
    );
  });

  it('calls it safe to end the old secret only when the new one is in use and the old one is not', async () => {
    const { key, plaintext } = await server.newKey();
    const { key: newSecret } = await server.keys.rotate(key.id, {
      graceMs: 3_600_000,
      replaceNew: false,
      secret: null,
    });
    const verdict = async () => /\n {2}Safe to end {2}(.*)/.exec((await shown(['stats', key.id], 80)).screen())?.[1];
    expect(await verdict()).toBe('no: nobody has used the new secret yet');
    await server.render(newSecret ?? '');
    expect(await verdict()).toBe('yes: since the rotation only the new secret was used');
    await server.render(plaintext);
    expect(await verdict()).toBe('no: the old secret was last used just now');
  });

  it.each([80, 50, 40])('on %i columns breaks no row of numbers', async (columns) => {
    const rows = rowsOf(await shown(['stats', web.id], columns));
    for (const label of [
      'Renders served',
      'Error rate',
      'Refused',
      'Rate limited',
      'Last used',
      'Headroom',
      'Requests',
    ]) {
      expect(rows.filter((row) => row.startsWith(`  ${label} `) && row.length <= columns)).toHaveLength(1);
    }
  });
});
