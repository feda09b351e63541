import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRequest, observed } from './durability-client.ts';
import { newPlaintext } from './durability-model.ts';
import { keyIds } from './durability-oracle.ts';
import { databaseBytes, ServerProcess } from './durability-server.ts';
import { type Finished, Project, temporaryProject } from './outkit.ts';
import { ENTER } from './terminal.ts';

/** One line of error, one line of what to do, and nothing else. */
function expectRefused({ stdout, stderr, exitCode }: Finished, code: number, says: RegExp): void {
  expect(stdout).toBe('');
  expect(stderr).toMatch(/^Error: [^\n]+\n {2}Try: [^\n]+\n$/);
  expect(stderr).toMatch(says);
  expect(exitCode).toBe(code);
}

interface CreatedKey {
  readonly id: string;
  readonly secret: string;
}

async function newKey({ keys, profileId }: ServerProcess): Promise<CreatedKey> {
  const secret = newPlaintext();
  const { id } = await keys.create(createRequest(profileId, secret));
  return { id, secret };
}

let prepared: Project;
let preparedKey: CreatedKey;
beforeAll(async () => {
  prepared = new Project();
  const server = await ServerProcess.start(prepared);
  preparedKey = await newKey(server);
  await prepared.run(['backup', 'backup.db']);
  await server.kill('SIGTERM');
});
afterAll(() => prepared.remove());

/** A project with one key and a backup of it; no server runs. */
function backedUp(): CreatedKey & { project: Project } {
  const project = temporaryProject();
  cpSync(prepared.directory, project.directory, { recursive: true });
  return { project, ...preparedKey };
}

async function listed(project: Project): Promise<string> {
  const server = await ServerProcess.start(project);
  const { stdout } = await project.run(['keys', 'list', '--all']);
  await server.kill('SIGTERM');
  return stdout;
}

describe('outkit backup', () => {
  it('copies a server’s database under a stream of creates and revokes, and a restore elsewhere has the same keys', async () => {
    const project = temporaryProject();
    const server = await ServerProcess.start(project);
    const known: CreatedKey[] = [];
    let isOver = false;
    const stream = (async () => {
      while (!isOver) {
        const key = await newKey(server);
        known.push(key);
        if (known.length % 2 === 0) await server.keys.revoke(key.id, null);
      }
    })();
    while (known.length < 20) await new Promise((resolve) => setTimeout(resolve, 5));
    const before = known.length;
    const { stdout, stderr, exitCode } = await project.run(['backup', 'backup.db', '--json']);
    const after = known.length;
    isOver = true;
    await stream;
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
    const backup = JSON.parse(stdout);
    expect(backup.keys).toBeGreaterThanOrEqual(before);
    expect(backup.keys).toBeLessThanOrEqual(after + 1);
    expect(backup.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(statSync(project.path('backup.db')).mode & 0o777).toBe(0o600);

    const other = temporaryProject({ files: { 'outkit.json': project.read('outkit.json') } });
    const restored = await other.run(['restore', project.path('backup.db'), '--json']);
    expect(JSON.parse(restored.stdout)).toMatchObject({
      keys: backup.keys,
      kept: [],
      revoked: [],
      previousDatabase: null,
    });
    const next = await ServerProcess.start(other);
    const ids = await keyIds(next);
    expect(new Set(ids)).toEqual(new Set(known.slice(0, backup.keys).map(({ id }) => id)));
    for (const { id, secret } of known.slice(0, before - 1)) {
      expect(await observed(next, id, [secret])).toEqual(await observed(server, id, [secret]));
    }
  });

  it('prints a line of five values on a pipe, and labelled ones on a terminal', async () => {
    const { project } = backedUp();
    const { stdout } = await project.run(['backup', 'second.db']);
    expect(stdout).toMatch(new RegExp(`^${project.path('second.db')}\\t\\d+\\t1\\t\\d+\\t[0-9a-f]{64}\\n$`));
    const terminal = project.terminal(['backup', 'third.db']);
    expect(await terminal.exitCode).toBe(0);
    expect(terminal.scrollback()).toMatch(/Backed up .*\n +Size +\d+ kB\n +Keys +1\n +Position +\d+\n +SHA-256/);
  });

  it('warns where git would take the file', async () => {
    const project = temporaryProject({ gitignore: '/backups/\n/.outkit/\n' });
    const server = await ServerProcess.start(project);
    mkdirSync(project.path('backups'));
    expect((await project.run(['backup', 'backups/one.db'])).stderr).toBe('');
    expect((await project.run(['backup', 'one.db'])).stderr).toMatch(
      /^Warning: git does not ignore one\.db\. [^\n]+\n$/,
    );
    await server.kill('SIGTERM');
  });

  it('replaces nothing, writes nowhere else, and needs a database', async () => {
    const { project } = backedUp();
    const before = readFileSync(project.path('backup.db'));
    expectRefused(await project.run(['backup', 'backup.db']), 1, /is there already/);
    expect(readFileSync(project.path('backup.db'))).toEqual(before);
    expectRefused(await project.run(['backup', 'missing/backup.db']), 1, /cannot be written: ENOENT/);
    expectRefused(await project.run(['backup', 'a.db', '--data-dir', 'none']), 1, /There is no database/);
    expectRefused(await project.run(['backup']), 2, /missing required argument/i);
    expect(project.names().filter((name) => !/^(backup\.db|outkit\.json|\.outkit|\.gitignore)$/.test(name))).toEqual(
      [],
    );
  });
});

describe('outkit restore', () => {
  it('revives no key that was revoked since, ends those created since, and says so', async () => {
    const { project, id, secret } = backedUp();
    const server = await ServerProcess.start(project);
    await server.keys.revoke(id, 'leaked');
    const since = await newKey(server);
    expectRefused(
      await project.run(['restore', 'backup.db', '-y']),
      1,
      new RegExp(`process ${server.pid}\\) is using`),
    );
    await server.kill('SIGTERM');

    const { stdout, stderr, exitCode } = await project.run(['restore', 'backup.db', '-y']);
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
    expect(stdout).toMatch(
      /^Restored 1 key to .*\n1 key changed since .*\n1 key created since .*\nThe database before is kept as /,
    );
    expect(stdout).toContain(since.id);
    const again = await ServerProcess.start(project);
    for (const [key, plaintext] of [[id, secret] as const, [since.id, since.secret] as const]) {
      expect(await observed(again, key, [plaintext])).toMatchObject({ isRevoked: true });
    }
    await again.kill('SIGTERM');
  });

  it('asks on a terminal, default No, and without one needs -y: nothing is changed before', async () => {
    const { project } = backedUp();
    const before = databaseBytes(project);
    expectRefused(
      await project.run(['restore', 'backup.db']),
      2,
      /Re-run with -y\.\n {2}Try: outkit restore backup\.db -y/,
    );
    const terminal = project.terminal(['restore', 'backup.db']);
    await terminal.answer('Replace the database in', ENTER);
    expect(await terminal.exitCode).toBe(130);
    expect(databaseBytes(project)).toEqual(before);
    expect(await listed(project)).toContain('active');
  });

  it('says before the question what will not be as in the backup', async () => {
    const { project, id } = backedUp();
    const server = await ServerProcess.start(project);
    await server.keys.revoke(id, null);
    const since = await newKey(server);
    await server.kill('SIGTERM');
    const terminal = project.terminal(['restore', 'backup.db'], { columns: 200 });
    await terminal.answer('Replace the database in', 'y');
    expect(await terminal.exitCode).toBe(0);
    expect(terminal.scrollback()).toMatch(
      /The backup holds 1 key, as of \d{4}-[^\n]+\n1 key changed since: what was ended stays so/,
    );
    expect(terminal.scrollback()).toContain(`1 key created since will be revoked: ${since.id}.`);
    expect(await listed(project)).not.toContain('active');
  });

  it('says whose membership stays ended, and that everybody has to sign in again', async () => {
    const { project } = backedUp();
    sql(
      project.path('backup.db'),
      `insert into members (team_id, person_id, role, since) select id, 'person_bob', 'admin', 1 from teams;
      create table auth_session ("userId" text);
      insert into auth_session values ('person_bob'), ('person_bob')`,
    );
    const facts = { people: ['person_bob'], sessions: 2 };
    const json = await project.run(['restore', 'backup.db', '--data-dir', 'copy', '-y', '--json']);
    expect(JSON.parse(json.stdout)).toMatchObject({ people: [], sessions: 2 });
    const terminal = project.terminal(['restore', 'backup.db'], { columns: 200 });
    await terminal.answer('Replace the database in', 'y');
    expect(await terminal.exitCode).toBe(0);
    expect(terminal.scrollback()).toContain('lower role since the backup (person_bob): that stays so.');
    expect(terminal.scrollback()).toContain('2 sessions will end: everybody has to sign in again.');
    const { stdout } = await project.run(['restore', 'backup.db', '-y']);
    expect(stdout).toContain('1 membership ended or with a lower role since the backup (person_bob): that stays so\n');
    expect(stdout).toContain('2 sessions ended: everybody has to sign in again\n');
    expect(JSON.parse((await project.run(['restore', 'backup.db', '-y', '--json'])).stdout)).toMatchObject(facts);
  });

  it.for([
    ['missing', 'there is no such file', (path: string) => rmSync(path)],
    ['cut', 'cannot be used as a backup', (path: string) => writeFileSync(path, readFileSync(path).subarray(0, 9_000))],
    ['other bytes', 'cannot be used as a backup', (path: string) => writeFileSync(path, 'x'.repeat(9_000))],
    ['newer', 'A newer Outkit has made', (path: string) => sql(path, "insert into migrations values (99, 'x')")],
  ] as const)('refuses a file that is %s, and changes nothing', async ([, says, damage]) => {
    const { project } = backedUp();
    const before = databaseBytes(project);
    damage(project.path('backup.db'));
    expectRefused(await project.run(['restore', 'backup.db', '-y']), 1, new RegExp(says));
    expectRefused(await project.run(['restore', 'backup.db', '-y', '--data-dir', 'fresh']), 1, new RegExp(says));
    expect(existsSync(project.path('fresh'))).toBe(false);
    expect(databaseBytes(project)).toEqual(before);
  });

  it('gives up what a damaged database knows only when told to, and says what that means', async () => {
    const { project } = backedUp();
    writeFileSync(project.path('.outkit/outkit.db'), 'x'.repeat(8_192));
    expectRefused(await project.run(['restore', 'backup.db', '-y']), 1, /is damaged: .* --discard-current/s);
    const { stdout, stderr, exitCode } = await project.run(['restore', 'backup.db', '-y', '--discard-current']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('kept as');
    expect(stderr).toMatch(/^Warning: what was revoked, rotated, ended early or archived after \d{4}-.*accepted again/);
    expect(await listed(project)).toContain('active');
    expectRefused(await project.run(['restore', 'backup.db', '-y', '--discard-current']), 1, /is not damaged/);
  });
});

function sql(path: string, text: string): void {
  const database = new DatabaseSync(path);
  database.exec(text);
  database.close();
}
