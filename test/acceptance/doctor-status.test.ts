import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DevServer, startDev } from './dev-server.ts';
import { KEY, temporaryProject } from './outkit.ts';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

let server: DevServer;
beforeAll(async () => {
  server = await startDev();
});
afterAll(() => server.stop());

describe('status', () => {
  it('shows on one screen what is used, and why', async () => {
    const { key, plaintext } = await server.newKey();
    const project = server.newProject({ files: { '.env.local': `OUTKIT_API_KEY=${plaintext}\n` } });
    const terminal = project.terminal(['status']);
    expect(await terminal.exitCode).toBe(0);
    expect(terminal.screen().split('\n')).toEqual([
      `  Server    ${server.url} (the running outkit dev of this project)`,
      `  Version   ${version}`,
      '  Person    nobody: the local credential of outkit dev',
      `  Profile   Default (${server.profileId}, pro)`,
      '  Env file  .env.local',
      `  Key       ${key.start}•••••••• active, of dev key (${key.id}, development)`,
      expect.stringMatching(/^ {2}Keys {6}\d+ active$/),
    ]);
    expect(terminal.output()).not.toMatch(KEY);
    const { stdout, stderr } = await project.run(['status', '--json']);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toMatchObject({ key: { id: key.id, status: 'active' }, server: { source: 'dev' } });
    expect(stdout).not.toMatch(KEY);
  });

  it('ends with 7 where there is no server', async () => {
    const { stdout, stderr, exitCode } = await temporaryProject().run(['status']);
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 7 });
    expect(stderr).toMatch(/\n {2}Try: outkit dev, or .*\n$/);
  });
});
