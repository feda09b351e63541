import { describe, expect, it } from 'vitest';
import { type Project, temporaryProject } from './outkit.ts';
import { answering } from './relay.ts';

/** Clears the screen, sets the title, writes the clipboard, links, goes back, turns around, hides, and pretends to be a line of ours. */
const NAME =
  'a\x1b[2J\x1b]0;title\x07\x1b]52;c;b3duZWQ=\x07\x1b]8;;http://e.vil\x07\r\b\x9b31m\u202eb\u2066\u200b\u{e0041}\nkey_2222222222222222';

const KEY = {
  id: 'key_7hq3m2xk9tqw4bnz',
  name: NAME,
  profileId: 'prof_2222222222222222',
  environment: 'development',
  start: 'okd_\x1b[1m',
  status: 'active',
  lastUsedAt: null,
  createdAt: '2026-11-24T12:00:00.000Z',
  createdBy: 'local',
  expiresAt: null,
  rateLimitPerMinute: null,
  revokedAt: null,
  revokeReason: null,
  previousSecret: null,
  endedSecrets: [],
};

/** A project whose server answers everything with keys of this name. */
async function hostileProject(keys: readonly object[] = [KEY]): Promise<Project> {
  const url = await answering(200, 'application/json', JSON.stringify({ ...keys[0], data: keys, nextCursor: null }));
  const files = { 'outkit.json': JSON.stringify({ profile: KEY.profileId }) };
  return temporaryProject({ files, env: { OUTKIT_API_URL: url, OUTKIT_TOKEN: 'any' } });
}

/** Everything that acts on a terminal instead of being read, line ends apart. */
const ACTING = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

describe('text from a server', () => {
  it('reaches a pipe as text: a name cannot become a second line or a second column', async () => {
    const project = await hostileProject();
    const { stdout, stderr, exitCode } = await project.run(['keys', 'list']);
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
    expect(stdout.replaceAll('\t', '')).not.toMatch(ACTING);
    expect(stdout.trimEnd().split('\n')).toHaveLength(1);
    expect(stdout.split('\t')).toHaveLength(6);
    expect(stdout).toContain('\ta\\x1b[2J\\x1b]0;title\\x07');
  });

  it('is kept whole by --json, as escapes that a parser undoes', async () => {
    const project = await hostileProject();
    const { stdout } = await project.run(['keys', 'list', '--json']);
    expect(stdout).not.toMatch(ACTING);
    expect(JSON.parse(stdout).data[0].name).toBe(NAME);
  });

  it.each([
    ['list', 200],
    ['list', 50],
  ])('keys %s on %i columns leaves the screen to us', async (command, columns) => {
    const project = await hostileProject();
    const terminal = project.terminal(['keys', command, '--no-color'], { columns });
    expect(await terminal.exitCode).toBe(0);
    expect(terminal.output().replaceAll('\r\n', '')).not.toMatch(ACTING);
    expect(terminal.screen()).toContain('a\\x1b[2J');
    expect(terminal.title()).toBe('');
  });

  it('in a question is written out, too', async () => {
    const project = await hostileProject();
    const terminal = project.terminal(['keys', 'revoke', KEY.id], { columns: 300 });
    await terminal.answer('This cannot be undone.', '\r');
    expect(await terminal.exitCode).toBe(130);
    expect(terminal.screen()).toContain(
      'Revoke a\\x1b[2J\\x1b]0;title\\x07\\x1b]52;c;b3duZWQ=\\x07\\x1b]8;;http://e.vil\\x07',
    );
    expect(terminal.title()).toBe('');
  });

  it('in an error is written out, too', async () => {
    const twins = [KEY, { ...KEY, id: 'key_7hq3222222222222' }];
    const project = await hostileProject(twins);
    for (const command of ['stats', 'rotate', 'revoke']) {
      const { stdout, stderr, exitCode } = await project.run(
        ['keys', command, 'key_7hq3', '-y'].slice(0, command === 'stats' ? 3 : 4),
      );
      expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 });
      expect(stderr).not.toMatch(ACTING);
      expect(stderr).toMatch(/^Error: key_7hq3 fits 2 keys: key_7hq3m2xk9tqw4bnz .*key_7hq3222222222222/);
    }
  });
});
