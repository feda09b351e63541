import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { requireStrace } from '../require-strace.ts';
import { startDev } from './dev-server.ts';
import { runAndTrace } from './loaded-modules.ts';
import { OUTKIT, temporaryProject } from './outkit.ts';

/** What a command loads before it can do anything: start time without a clock, so that a heavy import fails here. */
function weightOf(loaded: readonly string[]) {
  const bytes = loaded.reduce((sum, url) => sum + statSync(fileURLToPath(url)).size, 0);
  return { modules: loaded.length, kilobytes: Math.round(bytes / 1024) };
}

function expectAtMost(weight: ReturnType<typeof weightOf>, most: ReturnType<typeof weightOf>): void {
  expect(weight.modules).toBeLessThanOrEqual(most.modules);
  expect(weight.kilobytes).toBeLessThanOrEqual(most.kilobytes);
  // So that what was won stays won: whoever makes it lighter lowers the bound.
  expect(weight.kilobytes).toBeGreaterThan(most.kilobytes / 2);
}

/** Parts of Node that cost some milliseconds each. */
const HEAVY = /\bfrom ['"]node:(?:child_process|crypto|dns|http|https|net|tls|worker_threads|zlib)\b/;

it('--version loads at most 6 modules and 24 KB, and no heavy part of Node', async () => {
  const { exitCode, loaded } = await runAndTrace(temporaryProject(), ['--version']);
  expect(exitCode).toBe(0);
  expectAtMost(weightOf(loaded), { modules: 6, kilobytes: 24 });
  expect(loaded.filter((url) => HEAVY.test(readFileSync(fileURLToPath(url), 'utf8')))).toEqual([]);
});

it('keys list loads at most 75 modules and 340 KB, none of them of the server or of a library outside the bundle', async () => {
  const server = await startDev();
  try {
    const { exitCode, loaded } = await runAndTrace(server.project, ['keys', 'list']);
    expect(exitCode).toBe(0);
    expectAtMost(weightOf(loaded), { modules: 75, kilobytes: 340 });
    expect(loaded.filter((url) => url.includes('/node_modules/') || /\/dist\/(server|backups)-/.test(url))).toEqual([]);
  } finally {
    await server.stop();
  }
});

it('--version opens no file of the project and none of the home, whatever is there', (context) => {
  requireStrace(context);
  const project = temporaryProject({ files: { 'outkit.json': 'no JSON', '.env.local': 'A=1', '.outkit/record': '{' } });
  const traced = ['-f', '-qq', '-e', 'trace=%file', '-o', project.path('../trace')];
  const args = [...traced, process.execPath, '--', OUTKIT, '--version'];
  const { status, stdout } = spawnSync('strace', args, {
    cwd: project.directory,
    env: project.environment(),
    encoding: 'utf8',
  });
  expect([status, stdout]).toEqual([0, expect.stringMatching(/^\d+\.\d+\.\d+\n$/)]);
  const calls = project.read('../trace').split('\n');
  expect(calls.some((call) => call.includes(OUTKIT))).toBe(true);
  const touched = calls.filter(
    (call) => /"(?!\/)[^"]*(outkit\.json|\.env|\.outkit)/.test(call) || call.includes(project.home),
  );
  expect(touched.filter((call) => !/execve|getcwd|chdir/.test(call))).toEqual([]);
});
