import { chmodSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DevServer, render, startDev } from './dev-server.ts';
import { KEY, temporaryProject } from './outkit.ts';
import { CTRL_C, ENTER } from './terminal.ts';

let server: DevServer;
beforeAll(async () => {
  server = await startDev();
});
afterAll(() => server.stop());

const OFFER = 'Add OUTKIT_API_KEY to .env.local?';
const LOCAL = '\\d{4}-\\d{2}-\\d{2} \\d{2}:\\d{2}';

function keysOn(text: string): string[] {
  return [...text.matchAll(new RegExp(KEY, 'g'))].map(([key]) => key);
}

describe('keys create', () => {
  it('shows what was created, the key alone on its line and once, then offers the env file', async () => {
    const project = server.newProject({ gitignore: '.env.local\n', files: { '.env.local': 'A=1\n' } });
    const terminal = project.terminal(['keys', 'create', '-n', 'dev key', '--env', 'staging', '--expires', '90d'], {
      columns: 80,
    });
    await terminal.answer(OFFER, 'y');
    expect(await terminal.exitCode).toBe(0);
    const [key = '', ...others] = keysOn(terminal.output());
    expect(others).toEqual([]);
    const [newest] = await server.allKeys();
    expect(terminal.scrollback()).toMatch(
      new RegExp(`^Created dev key
  Id           ${newest?.id}
  Profile      ${server.profileId}
  Environment  staging
  Expires      ${LOCAL}

${key}

Shown once. Save it now: it cannot be shown again.
`),
    );
    expect(terminal.screen()).toMatch(/\nWrote OUTKIT_API_KEY to \.env\.local:2$/);
    expect(project.read('.env.local')).toBe(`A=1\nOUTKIT_API_KEY=${key}\n`);
    expect(await server.render(key)).toBe(200);
    expect(terminal.isRestored()).toBe(true);
  });

  it('asks for a name until it is one, and takes no for an answer to the offer', async () => {
    const project = server.newProject({ gitignore: '.env.local\n' });
    const terminal = project.terminal(['keys', 'create']);
    await terminal.answer('Name of the key', ENTER);
    await terminal.answer('A name has 1 to 64 characters', `my key${ENTER}`);
    await terminal.answer(OFFER, 'n');
    expect(await terminal.exitCode).toBe(0);
    expect(terminal.screen()).toContain('Created my key\n');
    expect(keysOn(terminal.output())).toHaveLength(1);
    expect(project.names()).toEqual(['.gitignore', 'outkit.json']);
    expect(terminal.isRestored()).toBe(true);
  });

  it('adds the file to .gitignore first when the person says so', async () => {
    const project = server.newProject({ gitignore: 'node_modules' });
    const terminal = project.terminal(['keys', 'create', '-n', 'a']);
    await terminal.answer(OFFER, 'y');
    await terminal.answer('git does not ignore .env.local. Add it to .gitignore?', 'y');
    expect(await terminal.exitCode).toBe(0);
    expect(terminal.screen()).toMatch(/\nAdded \.env\.local to \.gitignore\nWrote OUTKIT_API_KEY to \.env\.local:1$/);
    expect(project.read('.gitignore')).toBe('node_modules\n/.env.local\n');
    expect(project.git('status', '--short', '--untracked-files=all')).not.toContain('.env');
  });

  it('offers nothing with --no-env-file, and without a terminal on standard output', async () => {
    const project = server.newProject();
    const quiet = project.terminal(['keys', 'create', '-n', 'a', '--no-env-file']);
    expect(await quiet.exitCode).toBe(0);
    expect(quiet.screen()).toMatch(/it cannot be shown again\.$/);
    const captured = project.terminal(['keys', 'create', '-n', 'a'], { stdoutTo: project.path('key') });
    expect(await captured.exitCode).toBe(0);
    expect(project.read('key')).toMatch(new RegExp(`^${KEY.source}\n$`));
    expect(keysOn(captured.output())).toEqual([]);
  });

  it('with --no-show --env-file never puts the key on the screen', async () => {
    const project = server.newProject({ gitignore: '.env.local\n' });
    const terminal = project.terminal(['keys', 'create', '-n', 'a', '--no-show', '--env-file']);
    expect(await terminal.exitCode).toBe(0);
    expect(keysOn(terminal.output())).toEqual([]);
    expect(terminal.screen()).not.toContain('Shown once');
    expect(await server.render(project.read('.env.local').trim().slice('OUTKIT_API_KEY='.length))).toBe(200);
  });

  it.each([
    ['CI', { CI: 'true' }, []],
    ['--no-input', {}, ['--no-input']],
  ])('asks nothing with %s', async (_, env, flags) => {
    const project = server.newProject();
    const nameless = project.terminal(['keys', 'create', ...flags], { env });
    expect(await nameless.exitCode).toBe(2);
    expect(nameless.screen()).toBe('Error: A key needs a name\n  Try: outkit keys create -n <name>');
    const named = project.terminal(['keys', 'create', '-n', 'a', ...flags], { env });
    expect(await named.exitCode).toBe(0);
    expect(project.names()).toEqual(['outkit.json']);
  });

  it('with --copy hands the key to the clipboard on standard input, never as an argument', async () => {
    const project = server.newProject();
    project.write('bin/xclip', '#!/bin/sh\necho "$@" >arguments\ncat >clipboard\n');
    chmodSync(project.path('bin/xclip'), 0o755);
    const env = { PATH: `${project.path('bin')}:${project.environment()['PATH']}` };
    const terminal = project.terminal(['keys', 'create', '-n', 'a', '--copy', '--no-env-file'], { env });
    expect(await terminal.exitCode).toBe(0);
    expect(terminal.screen()).toMatch(/\nCopied to the clipboard$/);
    expect(keysOn(terminal.output())).toEqual([project.read('clipboard')]);
    expect(project.read('arguments')).not.toMatch(KEY);
  });

  it('keeps the key whole on a narrow terminal', async () => {
    const terminal = server.newProject().terminal(['keys', 'create', '-n', 'a', '--no-env-file'], { columns: 30 });
    expect(await terminal.exitCode).toBe(0);
    expect(terminal.scrollback()).toMatch(new RegExp(`\n\n${KEY.source}\n\n`));
  });
});

describe('keys rotate', () => {
  it('shows the new key once and until when the old one is accepted, and replaces it in the env file', async () => {
    const { key, plaintext } = await server.newKey();
    const project = server.newProject({
      gitignore: '.env.local\n',
      files: { '.env.local': `OUTKIT_API_KEY=${plaintext}\n` },
    });
    const terminal = project.terminal(['keys', 'rotate', key.id]);
    await terminal.answer('Replace the old OUTKIT_API_KEY in .env.local:1?', ENTER);
    expect(await terminal.exitCode).toBe(0);
    const keys = keysOn(terminal.output());
    expect(keys).toHaveLength(1);
    expect(terminal.screen()).toMatch(
      new RegExp(`^Rotated dev key
  Id           ${key.id}
  Profile      ${server.profileId}
  Environment  development

${keys[0]}

Shown once. Save it now: it cannot be shown again.
old key accepted until ${LOCAL} \\(24h\\)
`),
    );
    expect(project.read('.env.local')).toBe(`OUTKIT_API_KEY=${keys[0]}\n`);
  });

  it('leaves the value of somebody else alone unless the person says otherwise', async () => {
    const { key } = await server.newKey();
    const project = server.newProject({ gitignore: '.env.local\n', files: { '.env.local': 'OUTKIT_API_KEY=mine\n' } });
    const terminal = project.terminal(['keys', 'rotate', key.id]);
    await terminal.answer('Replace the other OUTKIT_API_KEY in .env.local:1?', ENTER);
    expect(await terminal.exitCode).toBe(0);
    expect(project.read('.env.local')).toBe('OUTKIT_API_KEY=mine\n');
  });

  it('before it ends a secret in use, it says who uses it', async () => {
    const { key, plaintext } = await server.newKey();
    await server.render(plaintext);
    const terminal = server
      .newProject()
      .terminal(['keys', 'rotate', key.id, '--grace', '0', '--no-env-file'], { columns: 200 });
    await terminal.answer(
      'The secret in use ends at once: last used just now from 127.0.0.1 (acceptance/1.0). Rotate dev key',
      'y',
    );
    expect(await terminal.exitCode).toBe(0);
    expect(terminal.screen()).toMatch(/\nold key refused from now on$/);
    expect(await server.render(plaintext)).toBe(401);
  });
});

describe('keys revoke', () => {
  it('names the key, its environment and its last use, and revokes on y', async () => {
    const { key, plaintext } = await server.newKey({ name: 'web', environment: 'production' });
    await server.render(plaintext);
    const terminal = server.newProject().terminal(['keys', 'revoke', key.id.slice(0, 12)], { columns: 120 });
    await terminal.waitFor(`Revoke web (${key.id}, production), last used just now? This cannot be undone.`);
    expect(terminal.screen()).toContain('○ Yes / ● No');
    terminal.type('y');
    expect(await terminal.exitCode).toBe(0);
    expect(await server.render(plaintext)).toBe(401);
    const report = new RegExp(`\nRevoked web \\(${key.id}, production\\): in force on 1/1 gateways after \\d+ ms$`);
    expect(terminal.screen()).toMatch(report);
    expect(terminal.isRestored()).toBe(true);
  });

  it('asks nothing with -y', async () => {
    const { key } = await server.newKey();
    const terminal = server.newProject().terminal(['keys', 'revoke', key.id, '-y']);
    expect(await terminal.exitCode).toBe(0);
    expect(terminal.screen()).toMatch(/^Revoked dev key/);
  });
});

describe('dev', () => {
  it('says where it is, shows each render on a line, and stops on Ctrl-C with exit 0', async () => {
    const project = temporaryProject();
    const terminal = project.terminal(['dev', '--port', '0'], { columns: 110 });
    await terminal.waitFor('Next, in another terminal:  outkit keys create -n "dev key"');
    const ready = /^Ready on (http:\/\/127\.0\.0\.1:\d+) {2}\(outkit \d+\.\d+\.\d+, Ctrl-C stops\)$/m;
    const [, url = ''] = ready.exec(terminal.screen()) ?? [];
    const { stdout } = await project.run(['keys', 'create', '-n', 'web']);
    const key = stdout.trim();
    expect(await render(url, key)).toBe(200);
    const time = '\\d{2}:\\d{2}:\\d{2}';
    await terminal.waitFor('1 block');
    const line = `^${time}  200  POST /render/enhance  web ${key.slice(0, 8)}•{8}  1 block  \\d+\\.\\d ms$`;
    expect(terminal.screen()).toMatch(new RegExp(line, 'm'));
    expect(await render(url, `${key.slice(0, -1)}-`)).toBe(401);
    await terminal.waitFor('401');
    terminal.type(CTRL_C);
    expect(await terminal.exitCode).toBe(0);
    expect(terminal.isRestored()).toBe(true);
    expect(keysOn(terminal.output())).toEqual([]);
    expect((await project.run(['keys', 'list'])).exitCode).toBe(7);
  });
});
