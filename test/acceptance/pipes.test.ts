import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DevServer, startDev } from './dev-server.ts';
import { BARE_KEY, KEY, type Project } from './outkit.ts';

let server: DevServer;
let project: Project;
beforeAll(async () => {
  server = await startDev();
  project = server.project;
});
afterAll(() => server.stop());

const ISO = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;
const LOCAL = '\\d{4}-\\d{2}-\\d{2} \\d{2}:\\d{2}';

/** What `--json` printed, after a look that nothing else was printed. */
async function json(...args: string[]) {
  const { stdout, stderr, exitCode } = await project.run([...args, '--json']);
  expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
  expect(stdout).toBe(`${JSON.stringify(JSON.parse(stdout), null, 2)}\n`);
  return JSON.parse(stdout);
}

describe('keys create', () => {
  it('prints the bare key and a newline, and the rest on standard error', async () => {
    const { stdout, stderr, exitCode } = await project.run(['keys', 'create', '-n', 'ci', '--env', 'staging']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(BARE_KEY);
    const [newest] = await server.allKeys();
    expect(stdout.slice(0, 8)).toBe(newest?.start);
    expect(stderr).toBe(`Created ci: ${newest?.id}, ${server.profileId}, staging\n`);
    expect(await server.render(stdout.trim())).toBe(200);
  });

  it('works as KEY=$(outkit keys create -n ci)', () => {
    const { stdout, exitCode } = project.shell('KEY=$(outkit keys create -n ci 2>/dev/null); printf "[%s]" "$KEY"');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(new RegExp(`^\\[${KEY.source}\\]$`));
  });

  it('says with --json all there is to say, and the key this once', async () => {
    const created = await json('keys', 'create', '-n', 'ci', '--expires', '90d', '--rate-limit', '7');
    const { key, id, start, createdAt, expiresAt, ...rest } = created;
    expect(key).toMatch(KEY);
    expect(start).toBe(key.slice(0, 8));
    expect(createdAt).toMatch(ISO);
    expect(Date.parse(expiresAt) - Date.parse(createdAt)).toBeGreaterThan(89 * 86_400_000);
    expect(id).toMatch(/^key_[2-9a-z]{16}$/);
    expect(rest).toEqual({
      name: 'ci',
      profileId: server.profileId,
      environment: 'development',
      status: 'active',
      lastUsedAt: null,
      createdBy: 'local',
      rateLimitPerMinute: 7,
      revokedAt: null,
      revokeReason: null,
      previousSecret: null,
      endedSecrets: [],
    });
    expect(await json('keys', 'create', '-n', 'ci', '--no-show', '--env-file')).not.toHaveProperty('key');
  });

  it('takes a name of 64 characters in any script, and gives it back as it is', async () => {
    const name = `${'鍵'.repeat(62)}👍🏽`;
    expect((await json('keys', 'create', '-n', name)).name).toBe(name);
  });
});

describe('keys list', () => {
  it('is tab-separated, without header, without cut, with whole times', async () => {
    const { key, plaintext } = await server.newKey({ name: 'a name that no table would show in full, wide as it is' });
    await server.render(plaintext);
    const { stdout, stderr, exitCode } = await project.run(['keys', 'list']);
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
    const fields = stdout.split('\n')[0]?.split('\t') ?? [];
    const masked = `${key.start}••••••••`;
    expect(fields.toSpliced(4, 1)).toEqual([key.id, key.name, masked, 'development', 'active']);
    expect(fields[4]).toMatch(ISO);
  });

  it('leaves ended keys and former secrets to --all, and says how each ended', async () => {
    const { key } = await server.newKey();
    const rotated = await server.keys.rotate(key.id, { graceMs: 0, replaceNew: false, secret: null });
    await server.keys.revoke(key.id, null);
    expect((await project.run(['keys', 'list'])).stdout).not.toContain(key.id);
    const { stdout } = await project.run(['keys', 'list', '--all']);
    const lines = stdout.split('\n').filter((line) => line.startsWith(key.id));
    expect(lines).toEqual([
      `${key.id}\tdev key\t${rotated.start}••••••••\tdevelopment\tnever\trevoked`,
      `${key.id}\tdev key\t${key.start}••••••••\tdevelopment\t\tsuperseded`,
    ]);
  });

  it('says with --json what there is, and whether there is more', async () => {
    await server.newKey();
    const { data, hasMore } = await json('keys', 'list', '--limit', '1');
    expect(hasMore).toBe(true);
    expect(data).toHaveLength(1);
    const all = await json('keys', 'list', '--all');
    expect(all.hasMore).toBe(false);
    expect(all.data.map((row: { id: string }) => row.id)).toEqual((await server.allKeys()).map(({ id }) => id));
    expect(JSON.stringify(all)).not.toMatch(KEY);
  });

  it('of an empty profile is empty, with a hint, and exit 0', async () => {
    const empty = await startDev();
    try {
      const nothing = await empty.project.run(['keys', 'list']);
      const hint = `No active keys in ${empty.profileId}. Create one: outkit keys create -n "dev key"\n`;
      expect(nothing).toEqual({ stdout: '', stderr: hint, exitCode: 0 });
      const { stdout, stderr } = await empty.project.run(['keys', 'list', '--json']);
      expect({ document: JSON.parse(stdout), stderr }).toEqual({ document: { data: [], hasMore: false }, stderr: '' });
    } finally {
      await empty.stop();
    }
  });
});

describe('keys stats', () => {
  it('is a field and a value on each line', async () => {
    const { key, plaintext } = await server.newKey({ rateLimitPerMinute: 3 });
    for (let request = 0; request < 4; request++) await server.render(plaintext);
    const { stdout, stderr, exitCode } = await project.run(['keys', 'stats', key.id]);
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
    const fields = new Map(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => line.split('\t') as [string, string]),
    );
    expect(fields.get('id')).toBe(key.id);
    expect(fields.get('served')).toBe('3');
    expect(fields.get('rateLimited')).toBe('1');
    expect(fields.get('errorRate')).toBe('0');
    expect(fields.get('remaining')).toBe('0');
    expect(fields.get('rateLimit')).toBe('3');
    expect(fields.get('resetAt')).toMatch(ISO);
    expect(fields.get('lastUsedAt')).toMatch(ISO);
  });

  it('of a key that nobody used has no error rate', async () => {
    const { key } = await server.newKey();
    const { stdout } = await project.run(['keys', 'stats', key.id]);
    expect(stdout).toContain('\nerrorRate\t–\n');
    const { id, served, errorRate, lastUsedAt, rateLimit, series } = await json(
      'keys',
      'stats',
      key.id,
      '--since',
      '7d',
    );
    expect({ id, served, errorRate, lastUsedAt }).toEqual({ id: key.id, served: 0, errorRate: null, lastUsedAt: null });
    expect(rateLimit).toEqual({
      limit: expect.any(Number),
      remaining: rateLimit.limit,
      resetAt: null,
      scope: 'shared',
    });
    expect(series.length).toBeGreaterThanOrEqual(7 * 24);
  });
});

describe('keys rotate', () => {
  it('prints the bare new key, and on standard error until when the old one is accepted', async () => {
    const { key, plaintext } = await server.newKey();
    const { stdout, stderr, exitCode } = await project.run(['keys', 'rotate', key.id]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(BARE_KEY);
    expect(stdout.trim()).not.toBe(plaintext);
    const first = `Rotated dev key: ${key.id}, ${server.profileId}, development`;
    expect(stderr).toMatch(new RegExp(`^${first}\nold key accepted until ${LOCAL} \\(24h\\)\n$`));
    expect([await server.render(plaintext), await server.render(stdout.trim())]).toEqual([200, 200]);
  });

  it('with --json names the old secret and its end', async () => {
    const { key } = await server.newKey();
    const rotated = await json('keys', 'rotate', key.id, '--grace', '2h');
    expect(rotated).toMatchObject({ id: key.id, name: 'dev key', status: 'rotating', start: rotated.key.slice(0, 8) });
    expect(rotated.previousSecret).toEqual({
      start: key.start,
      acceptedUntil: expect.stringMatching(ISO),
      lastUsedAt: null,
    });
    const extended = await json('keys', 'rotate', key.id, '--extend', '24h');
    const until = (answer: typeof rotated) => Date.parse(answer.previousSecret.acceptedUntil);
    expect(until(extended) - until(rotated)).toBe(86_400_000);
    expect(extended).not.toHaveProperty('key');
  });

  it('with --grace 0 -y ends the old secret at once', async () => {
    const { key, plaintext } = await server.newKey();
    const { stderr, exitCode } = await project.run(['keys', 'rotate', key.id, '--grace', '0', '-y']);
    expect(exitCode).toBe(0);
    expect(stderr).toContain('\nold key refused from now on\n');
    expect(await server.render(plaintext)).toBe(401);
  });

  it('--cancel makes the old secret current again, and the new one is refused', async () => {
    const { key, plaintext } = await server.newKey();
    const lost = (await project.run(['keys', 'rotate', key.id])).stdout.trim();
    const { stdout, stderr } = await project.run(['keys', 'rotate', key.id, '--cancel']);
    expect(stderr).toBe('');
    const what = `dev key \\(${key.id}, development\\): rotation cancelled, ${key.start}•{8} is current again`;
    expect(stdout).toMatch(new RegExp(`^${what}; in force on 1/1 gateways after \\d+ ms\n$`));
    expect([await server.render(plaintext), await server.render(lost)]).toEqual([200, 401]);
  });

  it('--replace-new mints again, and only the lost secret ends', async () => {
    const { key, plaintext } = await server.newKey();
    const lost = (await project.run(['keys', 'rotate', key.id])).stdout.trim();
    const { stdout, stderr, exitCode } = await project.run(['keys', 'rotate', key.id, '--replace-new']);
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(/\nold key accepted until .* \(as before\)\n$/);
    const answers = [await server.render(plaintext), await server.render(lost), await server.render(stdout.trim())];
    expect(answers).toEqual([200, 401, 200]);
  });
});

describe('keys revoke', () => {
  it('reports where it is in force, and the next request is refused', async () => {
    const { key, plaintext } = await server.newKey();
    const { stdout, stderr, exitCode } = await project.run(['keys', 'revoke', key.id, '-y', '--reason', 'leaked']);
    expect(await server.render(plaintext)).toBe(401);
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
    const label = `dev key \\(${key.id}, development\\)`;
    expect(stdout).toMatch(new RegExp(`^Revoked ${label}: in force on 1/1 gateways after \\d+ ms\n$`));
    const again = await project.run(['keys', 'revoke', key.id, '-y']);
    expect(again.exitCode).toBe(0);
    expect(again.stdout).toMatch(new RegExp(`^Already revoked: ${label}: in force on 1/1 gateways after \\d+ ms\n$`));
    expect((await server.keys.find(key.id)).revokeReason).toBe('leaked');
  });

  it('says with --json when, and on how many gateways', async () => {
    const { key } = await server.newKey();
    expect(await json('keys', 'revoke', key.id, '-y', '--strict')).toEqual({
      id: key.id,
      revokedAt: expect.stringMatching(ISO),
      gateways: { confirmed: 1, waitedOut: 0, ms: expect.any(Number), unconfirmed: [] },
    });
  });
});
