import { describe, expect, it } from 'vitest';
import { OutkitError } from '../../core/errors.ts';
import { keepCredential } from '../credentials/credential-store.ts';
import { Machine, PROFILE, SERVER } from '../machine.fixture.ts';
import { ANN, TEAM } from '../people.fixture.ts';
import { VERSION } from '../version.ts';

async function machineWithKey(): Promise<{ machine: Machine; id: string; plaintext: string }> {
  const machine = await Machine.start();
  const key = await machine.newKey();
  machine.write('.env.local', `OUTKIT_API_KEY=${key.plaintext}\n`);
  return { machine, ...key };
}

const mint = (start: string, digit: string) => ({ secret: { hash: digit.repeat(64), start }, graceMs: 3_600_000 });

describe('status', () => {
  it('is one screen on a terminal', async () => {
    const { machine, id, plaintext } = await machineWithKey();
    const { stdout, stderr, exitCode } = await machine.run(['status'], { tty: true, env: { NO_COLOR: '1' } });
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
    expect(stdout).toBe(
      [
        `  Server    ${SERVER} (from OUTKIT_API_URL)`,
        `  Version   ${VERSION}`,
        '  Person    nobody: the local credential of outkit dev',
        `  Profile   Default (${PROFILE}, pro)`,
        '  Env file  .env.local',
        `  Key       ${plaintext.slice(0, 8)}•••••••• active, of dev key (${id}, development)`,
        '  Keys      1 active',
        '',
      ].join('\n'),
    );
  });

  it('is a field and a value in each line on a pipe', async () => {
    const { machine, id, plaintext } = await machineWithKey();
    const { stdout } = await machine.run(['status']);
    expect(
      Object.fromEntries(
        stdout
          .trimEnd()
          .split('\n')
          .map((line) => line.split('\t')),
      ),
    ).toEqual({
      server: SERVER,
      serverSource: 'environment',
      version: VERSION,
      credential: 'OUTKIT_TOKEN',
      email: '–',
      profileId: PROFILE,
      profileName: 'Default',
      plan: 'pro',
      archivedAt: '–',
      envFile: '.env.local',
      keyVariable: 'OUTKIT_API_KEY',
      key: `${plaintext.slice(0, 8)}••••••••`,
      keyId: id,
      keyStatus: 'active',
      activeKeys: '1',
    });
    expect(stdout).not.toContain(plaintext);
  });

  it('is one document with --json, null where there is nothing', async () => {
    const machine = await Machine.start();
    machine.write('outkit.json', '{}');
    const { stdout } = await machine.run(['status', '--json']);
    expect(JSON.parse(stdout)).toEqual({
      server: { url: SERVER, source: 'environment' },
      version: VERSION,
      cliVersion: VERSION,
      credential: 'OUTKIT_TOKEN',
      person: null,
      teams: [{ id: TEAM, name: 'Local', role: 'owner' }],
      profile: null,
      envFile: null,
      key: null,
      activeKeys: null,
    });
  });

  it.each([
    ['active', async () => {}],
    ['old', async ({ machine, id }) => machine.keys.rotate(id, { ...mint('okd_New1', 'a'), replaceNew: false })],
    ['revoked', async ({ machine, id }) => machine.keys.revoke(id, null)],
    [
      'unknown',
      async ({ machine }) => machine.override({ findByHash: () => Promise.reject(new OutkitError('not_found', '')) }),
    ],
    ['malformed', async ({ machine }) => machine.write('.env.local', 'OUTKIT_API_KEY=hunter2\n')],
    [null, async ({ machine }) => machine.write('.env.local', 'OUTKIT_API_KEY=\n')],
  ] as readonly [string | null, (made: Awaited<ReturnType<typeof machineWithKey>>) => Promise<unknown>][])(
    'calls a key %s',
    async (word, change) => {
      const made = await machineWithKey();
      await change(made);
      const { stdout, exitCode } = await made.machine.run(['status', '--json']);
      expect([JSON.parse(stdout).key.status, exitCode]).toEqual([word, 0]);
      expect(stdout).not.toContain('hunter2');
    },
  );

  it('calls the secret that is left after the grace window superseded', async () => {
    const { machine, id } = await machineWithKey();
    await machine.keys.rotate(id, { ...mint('okd_New1', 'a'), replaceNew: false });
    machine.now += 3_600_000;
    const { stdout } = await machine.run(['status', '--json']);
    expect(JSON.parse(stdout).key.status).toBe('superseded');
  });

  it('shows the key of OUTKIT_API_KEY, wherever it stands, and else says which variable it is', async () => {
    const { machine, id, plaintext } = await machineWithKey();
    const other = await machine.newKey();
    const shown = async () => ({
      json: JSON.parse((await machine.run(['status', '--json'])).stdout).key,
      pipe: (await machine.run(['status'])).stdout,
      terminal: (await machine.run(['status'], { tty: true, env: { NO_COLOR: '1' } })).stdout,
    });
    machine.write('.env.local', `SHOP_KEY=${other.plaintext}\nOUTKIT_API_KEY=${plaintext}\n`);
    const both = await shown();
    expect(both.json).toMatchObject({ variable: 'OUTKIT_API_KEY', id });
    expect(both.pipe).toContain('keyVariable\tOUTKIT_API_KEY\n');
    expect(both.terminal).toContain(`of dev key (${id}, development)\n`);
    machine.write('.env.local', `SHOP_KEY=${other.plaintext}\n`);
    const one = await shown();
    expect(one.json).toMatchObject({ variable: 'SHOP_KEY', id: other.id });
    expect(one.pipe).toContain('keyVariable\tSHOP_KEY\n');
    expect(one.terminal).toContain(`of dev key (${other.id}, development), in SHOP_KEY\n`);
  });

  it('says that the profile is archived, and counts none of its keys', async () => {
    const { machine } = await machineWithKey();
    await machine.profiles.archive(PROFILE);
    const archivedAt = new Date(machine.now).toISOString();
    const { profile, activeKeys } = JSON.parse((await machine.run(['status', '--json'])).stdout);
    expect([profile, activeKeys]).toEqual([{ id: PROFILE, name: 'Default', plan: 'pro', archivedAt }, 0]);
    const { stdout: pipe } = await machine.run(['status']);
    expect(pipe).toContain(`archivedAt\t${archivedAt}\n`);
    expect(pipe).toContain('activeKeys\t0\n');
    const { stdout } = await machine.run(['status'], { tty: true, env: { NO_COLOR: '1' } });
    expect(stdout).toContain(`  Profile   Default (${PROFILE}, pro) is archived: all its keys are refused\n`);
    expect(stdout).toContain('  Keys      0 active\n');
  });

  it('says who is logged in', async () => {
    const { machine } = await machineWithKey();
    await keepCredential(SERVER, machine.server.start(), machine.io());
    const env = { OUTKIT_TOKEN: '', NO_COLOR: '1' };
    const { stdout } = await machine.run(['status'], { tty: true, env });
    expect(stdout).toContain('  Person    ann@example.com, in Local (owner)\n');
    const json = JSON.parse((await machine.run(['status', '--json'], { env })).stdout);
    expect(json).toMatchObject({ credential: 'file', person: ANN });
    expect((await machine.run(['status'], { env })).stdout).toContain('credential\tfile\nemail\tann@example.com\n');
  });

  it('says when server and command line differ', async () => {
    const { machine } = await machineWithKey();
    machine.health = () => ({ status: 'ok', version: '9.9.9', time: machine.now });
    const { stdout } = await machine.run(['status'], { tty: true });
    expect(stdout).toContain(`9.9.9, and ${VERSION} here`);
  });

  it('fails with the exit codes of every command', async () => {
    const { machine } = await machineWithKey();
    machine.write('outkit.json', '{ "profile": "prof_3333333333333333" }');
    expect((await machine.run(['status'])).exitCode).toBe(3);
    machine.write('outkit.json', '{');
    expect((await machine.run(['status'])).exitCode).toBe(1);
    machine.write('outkit.json', '{}');
    expect((await machine.run(['status'], { env: { OUTKIT_API_URL: '' } })).exitCode).toBe(7);
    expect((await machine.run(['status'], { env: { OUTKIT_TOKEN: '' } })).exitCode).toBe(4);
  });
});
