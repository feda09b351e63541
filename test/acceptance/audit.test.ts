import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';
import { hashSecret } from '../../src/core/secret-hash.ts';
import { type DevServer, startDev } from './dev-server.ts';
import { Project } from './outkit.ts';

async function devIn(project: Project): Promise<DevServer> {
  const server = await startDev(project);
  onTestFinished(() => server.stop());
  return server;
}

/** Ends the server, writes to its database behind its back, and starts it again. */
async function tampered(server: DevServer, statement: string): Promise<DevServer> {
  await server.kill();
  const database = new DatabaseSync(server.project.path('.outkit/outkit.db'));
  database.exec(statement);
  database.close();
  return devIn(server.project);
}

/** Three keys, so that there are entries to lose. */
async function devWithKeys(): Promise<DevServer> {
  const server = await devIn(new Project());
  for (const name of ['one', 'two', 'three']) await server.newKey({ name });
  return server;
}

describe('outkit audit', () => {
  it('tells of create, rotate and revoke: who, with what, and no secret', async () => {
    const { project } = await devIn(new Project());
    const keys = project.shell('outkit keys create -n ci && outkit keys rotate "$(outkit keys list | cut -f1)"');
    const id = project.shell('outkit keys list').stdout.split('\t')[0] as string;
    await project.run(['keys', 'revoke', id, '-y', '--reason', 'laptop lost']);

    const { stdout, stderr, exitCode } = await project.run(['audit', '--key', id, '--since', '1h']);
    expect([exitCode, stderr]).toEqual([0, '']);
    const lines = stdout.trimEnd().split('\n');
    expect(lines.map((line) => line.split('\t').slice(1, 4))).toEqual([
      ['local', 'key.revoke', id],
      ['local', 'key.rotate', id],
      ['local', 'key.create', id],
    ]);
    for (const line of lines) expect(line).toMatch(/\t127\.0\.0\.1\toutkit\/\d+\.\d+\.\d+\t–\t–$/);
    expect(lines[0]).toContain('revokeReason: – → laptop lost');

    const secrets = keys.stdout.match(/ok[dsp]_[0-9A-Za-z]{38}/g) ?? [];
    expect(secrets).toHaveLength(2);
    const all = [stdout, (await project.run(['audit', '--json'])).stdout].join('\n');
    for (const secret of secrets) {
      expect(all).not.toContain(secret.slice(8));
      expect(all).not.toContain(hashSecret(secret));
    }
  });
});

describe('outkit audit verify', () => {
  it('prints a head that still fits after more changes, and after a restart', async () => {
    const server = await devWithKeys();
    const { project } = server;
    project.shell('outkit audit verify > audit-head.txt');
    expect(project.read('audit-head.txt')).toMatch(/^4:[0-9a-f]{64}\n$/);
    await server.newKey();
    await server.kill();
    await devIn(project);
    const again = project.shell('outkit audit verify --head "$(cat audit-head.txt)"');
    expect([again.exitCode, again.stdout.slice(0, 2)]).toEqual([0, '5:']);
  });

  it.each([
    [
      'an edited',
      "update audit set actor = 'nobody' where seq = 3",
      'Entry 3 of the audit log is not what was written',
    ],
    ['a removed', 'delete from audit where seq = 2', 'Entry 2 of the audit log is missing'],
  ])('is exit 1 when somebody wrote to the database: %s entry', async (_what, statement, message) => {
    const { project } = await tampered(await devWithKeys(), statement);
    const { stdout, stderr, exitCode } = await project.run(['audit', 'verify']);
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toContain(message);
  });

  it('finds a tail that was cut off with the head that was kept, and only with it', async () => {
    const server = await devWithKeys();
    const head = server.project.shell('outkit audit verify').stdout.trim();
    const { project } = await tampered(server, 'delete from audit where seq > 2');
    expect((await project.run(['audit', 'verify'])).exitCode).toBe(0);
    const { stderr, exitCode } = await project.run(['audit', 'verify', '--head', head]);
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('was cut off: it ends at entry 2')]);
  });
});
