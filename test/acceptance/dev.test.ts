import { mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startDev } from './dev-server.ts';
import { BARE_KEY, Project, temporaryProject } from './outkit.ts';

async function devIn(project: Project) {
  const server = await startDev(project);
  onTestFinished(() => server.stop());
  return server;
}

describe('outkit dev', () => {
  it('makes a new project ready: outkit.json, an ignored data directory, and keys that work without a login', async () => {
    const server = await devIn(new Project({ gitignore: 'node_modules\n' }));
    const { project } = server;
    expect(JSON.parse(project.read('outkit.json'))).toEqual({ profile: server.profileId });
    expect(project.read('.gitignore')).toBe('node_modules\n/.outkit\n');
    expect(project.git('status', '--porcelain', '--untracked-files=all').split('\n').sort()).toEqual([
      '',
      '?? .gitignore',
      '?? outkit.json',
    ]);
    const { stdout } = await project.run(['keys', 'create', '-n', 'ci']);
    expect(stdout).toMatch(BARE_KEY);
    expect(await server.render(stdout.trim())).toBe(200);
  });

  it('makes the profile that a committed outkit.json names, so that a fresh clone works', async () => {
    const profile = 'prof_222222222222222z';
    const committed = `{ "profile": "${profile}", "envFile": ".env.local" }\n`;
    const server = await devIn(new Project({ files: { 'outkit.json': committed } }));
    expect(server.project.read('outkit.json')).toBe(committed);
    const { stdout } = await server.project.run(['keys', 'create', '-n', 'ci', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ profileId: profile });
  });

  it('changes nothing that is right when it starts again, and finds the keys of before', async () => {
    const project = new Project();
    const first = await startDev(project);
    const { plaintext } = await first.newKey();
    const files = () => ['outkit.json', '.gitignore'].map((name) => project.read(name));
    const before = files();
    await first.kill();
    const second = await devIn(project);
    expect(files()).toEqual(before);
    expect(second.token).not.toBe(first.token);
    expect(await second.render(plaintext)).toBe(200);
  });

  it('refuses a broken outkit.json before it makes anything', async () => {
    const project = temporaryProject({ files: { 'outkit.json': '{ "profile": 5 }' } });
    const { stderr, exitCode } = await project.run(['dev', '--port', '0']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('outkit.json:1: profile must be a profile id');
    expect(project.names()).toEqual(['outkit.json']);
  });

  it('serves this machine only: another address is refused', async () => {
    const project = temporaryProject();
    const { stderr, exitCode } = await project.run(['dev', '--port', '0', '--host', '192.0.2.1']);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^Error: outkit dev serves this machine: --host takes 127\.0\.0\.1/);
    expect(project.names()).toEqual([]);
  });

  it('keeps its data beside the outkit.json that it makes, whatever lies above', async () => {
    const project = new Project();
    mkdirSync(join(project.home, '.outkit'), { mode: 0o700 });
    await devIn(project);
    expect(project.names()).toEqual(['.gitignore', '.outkit', 'outkit.json']);
    expect(readdirSync(join(project.home, '.outkit'))).toEqual([]);
  });

  it('touches no file that .gitignore is a link to', async () => {
    const project = new Project({ files: { '../profile': 'mine\n' } });
    symlinkSync('../profile', project.path('.gitignore'));
    await devIn(project);
    expect(project.read('../profile')).toBe('mine\n');
  });

  it('ends with exit 0 when the reader of its output goes away', async () => {
    const project = new Project();
    const server = await startDev(project);
    onTestFinished(() => project.remove());
    const ended = server.closeOutput();
    // The line of a render finds nobody who reads it, if the end of the greeting has not yet.
    await server
      .newKey()
      .then(
        ({ plaintext }) => server.render(plaintext),
        () => undefined,
      )
      .catch(() => undefined);
    expect(await ended).toBe(0);
  });

  it('says which port is taken and how to go on', async () => {
    const server = await devIn(new Project());
    const { port } = new URL(server.url);
    const { stderr, exitCode } = await temporaryProject().run(['dev', '--port', port]);
    expect(exitCode).toBe(1);
    expect(stderr).toBe(`Error: Port ${port} of 127.0.0.1 is in use\n  Try: outkit dev --port 0\n`);
  });
});
