import { mkdirSync, statSync, symlinkSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DevServer, startDev } from './dev-server.ts';
import { BARE_KEY, KEY, type Project } from './outkit.ts';
import { relayTo } from './relay.ts';

let server: DevServer;
beforeAll(async () => {
  server = await startDev();
});
afterAll(() => server.stop());

const LINE = /^OUTKIT_API_KEY=(ok[dsp]_[0-9A-Za-z]{38})$/m;

function repository(files: Record<string, string> = {}, gitignore = '.env*\n'): Project {
  return server.newProject({ gitignore, files });
}

function keyIn(project: Project, name = '.env.local'): string {
  return LINE.exec(project.read(name))?.[1] ?? '';
}

describe('--env-file', () => {
  it('writes the key that it prints, into a file that only its owner reads', async () => {
    const project = repository();
    const { stdout, stderr, exitCode } = await project.run(['keys', 'create', '-n', 'ci', '--env-file']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(BARE_KEY);
    expect(project.read('.env.local')).toBe(`OUTKIT_API_KEY=${stdout}`);
    expect(stderr).toMatch(/\nWrote OUTKIT_API_KEY to \.env\.local:1\n$/);
    expect(statSync(project.path('.env.local')).mode & 0o777).toBe(0o600);
    expect(project.names()).toEqual(['.env.local', '.gitignore', 'outkit.json']);
    expect(project.git('status', '--short', '--untracked-files=all')).not.toContain('.env');
  });

  it('adds one line and keeps every other byte', async () => {
    const before = '\ufeff# mine\r\nexport A="1 # 2"\r\n\r\nB=\'x\ny\'\r\nC=3';
    const project = repository({ '.env.local': before });
    const { stdout, exitCode } = await project.run(['keys', 'create', '-n', 'ci', '--env-file']);
    expect(exitCode).toBe(0);
    expect(project.read('.env.local')).toBe(`${before}\r\nOUTKIT_API_KEY=${stdout.trim()}\r\n`);
  });

  it('with --no-show is the only place that gets the key', async () => {
    const project = repository();
    const { stdout, stderr, exitCode } = await project.run(['keys', 'create', '-n', 'ci', '--no-show', '--env-file']);
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 0 });
    expect(stderr).not.toMatch(KEY);
    expect(await server.render(keyIn(project))).toBe(200);
  });

  it('takes a path and a variable, and outkit.json names the file when the flag does not', async () => {
    const project = repository({ 'outkit.json': `{ "profile": "${server.profileId}", "envFile": ".env.app" }` });
    await project.run(['keys', 'create', '-n', 'a', '--env-file=.env.other', '--env-name', 'MY_KEY']);
    expect(project.read('.env.other')).toMatch(/^MY_KEY=okd_\w{38}\n$/);
    await project.run(['keys', 'create', '-n', 'a', '--env-file']);
    expect(keyIn(project, '.env.app')).toMatch(KEY);
  });

  it('is ours and not a flag of Node: nothing in the file becomes part of our environment', async () => {
    const project = repository({
      '.env.local': 'OUTKIT_API_URL=http://127.0.0.1:1\nOUTKIT_TOKEN=stolen\nFORCE_COLOR=1\n',
    });
    const { stderr, exitCode } = await project.run(['keys', 'create', '-n', 'a', '--env-file=.env.local']);
    expect(exitCode).toBe(0);
    expect(stderr).not.toContain('\x1b');
    expect(keyIn(project)).toMatch(KEY);
    const json = await project.run(['keys', 'rotate', 'key_2222222222222222', '--env-file', '--json']);
    expect(JSON.parse(json.stderr).error.code).toBe('not_found');
  });

  it('warns where git would take the file, and changes no .gitignore unasked', async () => {
    const project = repository({}, 'node_modules\n');
    const { stderr, exitCode } = await project.run(['keys', 'create', '-n', 'ci', '--env-file']);
    expect(exitCode).toBe(0);
    expect(stderr).toContain('Warning: git does not ignore .env.local. Add it to .gitignore before you commit\n');
    expect(project.read('.gitignore')).toBe('node_modules\n');
  });
});

describe('refused before anything is minted', () => {
  it.each<[string, string[], number, RegExp, (project: Project) => void]>([
    [
      'a file that git tracks',
      ['--env-file', '--force'],
      1,
      /^Error: \.env\.local is tracked by git: a key in it would be committed\n {2}Try: git rm --cached \.env\.local/,
      (project) => {
        project.write('.env.local', 'A=1\n');
        project.git('add', '--force', '.env.local');
      },
    ],
    [
      'a value of somebody else',
      ['--env-file'],
      2,
      /^Error: \.env\.local:1 holds another OUTKIT_API_KEY\n {2}Try: outkit keys create -n a --env-file --force\n$/,
      (project) => project.write('.env.local', 'OUTKIT_API_KEY=mine\n'),
    ],
    [
      'two lines of the name',
      ['--env-file', '--force'],
      1,
      /^Error: \.env\.local:1,3 sets OUTKIT_API_KEY more than once\n/,
      (project) => project.write('.env.local', 'OUTKIT_API_KEY=1\nA=2\nOUTKIT_API_KEY=3\n'),
    ],
    [
      'a link that leads out of the project',
      ['--env-file'],
      1,
      /^Error: \.env\.local leads out of the project\n/,
      (project) => symlinkSync('/dev/null', project.path('.env.local')),
    ],
    ['a directory', ['--env-file=sub'], 1, /^Error: sub is a directory/, (project) => mkdirSync(project.path('sub'))],
    [
      'a name that browsers get',
      ['--env-file', '--env-name', 'NEXT_PUBLIC_KEY'],
      1,
      /^Error: NEXT_PUBLIC_KEY would be sent to browsers, which must never see the key\n/,
      () => {},
    ],
    [
      'a name that loaders read',
      ['--env-file', '--env-name', 'NODE_OPTIONS'],
      1,
      /^Error: NODE_OPTIONS is read by shells or program loaders/,
      () => {},
    ],
    [
      'a directory that is not there',
      ['--env-file=no/where/.env'],
      1,
      /^Error: The directory of no\/where\/\.env cannot be reached \(ENOENT\)\n/,
      () => {},
    ],
    [
      'a directory that takes no file',
      ['--env-file=/proc/.env'],
      1,
      /^Error: \/proc\/\.env cannot be written/,
      () => {},
    ],
  ])('%s', async (_, flags, exitCode, message, prepare) => {
    const project = repository();
    prepare(project);
    const names = project.names();
    const keys = await server.allKeys();
    const finished = await project.run(['keys', 'create', '-n', 'a', ...flags]);
    expect(finished).toEqual({ stdout: '', stderr: expect.stringMatching(message), exitCode });
    expect(finished.stderr.trimEnd().split('\n')).toHaveLength(2);
    expect(await server.allKeys()).toEqual(keys);
    expect(project.names()).toEqual(names);
  });

  it('--force takes the place of a value of somebody else, on its line', async () => {
    const project = repository({ '.env.local': 'A=1\nOUTKIT_API_KEY=mine\nB=2\n' });
    const { stdout, exitCode } = await project.run(['keys', 'create', '-n', 'a', '--env-file', '--force']);
    expect(exitCode).toBe(0);
    expect(project.read('.env.local')).toBe(`A=1\nOUTKIT_API_KEY=${stdout.trim()}\nB=2\n`);
  });
});

describe('rotate --env-file', () => {
  it('takes the place of the current and of the previous secret of the key without asking', async () => {
    const { key, plaintext } = await server.newKey();
    const project = repository({ '.env.local': `A=1\nOUTKIT_API_KEY=${plaintext}\n` });
    const rotated = await project.run(['keys', 'rotate', key.id, '--env-file', '--no-show']);
    expect(rotated).toMatchObject({ stdout: '', exitCode: 0 });
    expect(await server.render(keyIn(project))).toBe(200);
    project.write('.env.local', `OUTKIT_API_KEY=${plaintext}\n`);
    const again = await project.run(['keys', 'rotate', key.id, '--replace-new', '-y', '--env-file']);
    expect(again.exitCode).toBe(0);
    expect(project.read('.env.local')).toBe(`OUTKIT_API_KEY=${again.stdout}`);
  });

  it('does not take the place of another key', async () => {
    const { key } = await server.newKey();
    const { plaintext: other } = await server.newKey();
    const project = repository({ '.env.local': `OUTKIT_API_KEY=${other}\n` });
    const { stdout, stderr, exitCode } = await project.run(['keys', 'rotate', key.id, '--env-file']);
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 });
    expect(stderr).toMatch(/^Error: \.env\.local:1 holds another OUTKIT_API_KEY\n/);
    expect(keyIn(project)).toBe(other);
    expect((await server.keys.find(key.id)).start).toBe(key.start);
  });
});

describe('when the file changes between the check and the writing', () => {
  /** A project whose env file somebody else changes at the moment in which the key is minted. */
  async function disturbed(route: RegExp) {
    const project = repository({ '.env.local': 'A=1\n' });
    const url = await relayTo(server.url, (path) => {
      if (route.test(path)) project.write('.env.local', 'A=2\n');
    });
    const env = { OUTKIT_API_URL: url, OUTKIT_TOKEN: server.token };
    return { project, run: (...args: string[]) => project.run(args, { env }) };
  }

  it('a key that was shown stays, and the message says so', async () => {
    const { project, run } = await disturbed(/\/keys$/);
    const { stdout, stderr, exitCode } = await run('keys', 'create', '-n', 'shown', '--env-file');
    expect(exitCode).toBe(1);
    expect(await server.render(stdout.trim())).toBe(200);
    expect(stderr).toMatch(
      /\nError: \.env\.local was changed by .*\. The key printed above is valid all the same\n {2}Try: /,
    );
    expect(project.read('.env.local')).toBe('A=2\n');
  });

  it('a key that nobody saw is revoked', async () => {
    const { project, run } = await disturbed(/\/keys$/);
    const { stdout, stderr, exitCode } = await run('keys', 'create', '-n', 'unseen', '--env-file', '--no-show');
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 1 });
    expect(stderr).toMatch(/\nError: \.env\.local was changed by .*\. Nobody holds the key, so it was revoked\n/);
    expect((await server.allKeys()).find((key) => key.name === 'unseen')?.status).toBe('revoked');
    expect(project.read('.env.local')).toBe('A=2\n');
  });

  it('a rotation whose new key nobody saw is cancelled, and the old key works on', async () => {
    const { key, plaintext } = await server.newKey();
    const { run } = await disturbed(/\/rotate$/);
    const { stdout, stderr, exitCode } = await run(
      'keys',
      'rotate',
      key.id,
      '--grace',
      '0',
      '-y',
      '--env-file',
      '--no-show',
    );
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 1 });
    expect(stderr).toContain('so the rotation was cancelled: the old key is current again\n');
    expect(await server.keys.find(key.id)).toMatchObject({ start: key.start, status: 'active' });
    expect(await server.render(plaintext)).toBe(200);
  });
});
