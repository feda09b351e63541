import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { OUTKIT, type Project, temporaryProject } from './outkit.ts';

/** A Node on this machine that is too old for the build, so that the shim has to hand over to the one of the package. */
const oldNode = (process.env['PATH'] ?? '')
  .split(':')
  .concat('/usr/bin', '/usr/local/bin')
  .map((directory) => join(directory, 'node'))
  .find((path) => existsSync(path) && isOld(path));

function isOld(node: string): boolean {
  const [major = 0, minor = 0] = execFileSync(node, ['-p', 'process.versions.node'], { encoding: 'utf8' })
    .split('.')
    .map(Number);
  return major < 22 || (major === 22 && minor < 18);
}

/** Starts the command line by its own first line, with the old Node before all others. */
function start(project: Project, args: readonly string[], program = OUTKIT) {
  const PATH = `${dirname(oldNode ?? '')}:${process.env['PATH'] ?? ''}`;
  const child = spawn(program, args, {
    cwd: project.directory,
    env: project.environment({ PATH }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  return child;
}

describe.skipIf(oldNode === undefined)('under a Node that is too old (skipped where there is none)', () => {
  it('the command line runs as ever: arguments, both streams, exit code', async () => {
    const project = temporaryProject();
    const child = start(project, ['keys', 'create', '-n', 'two words', '--env-file', '--json']);
    const ended = once(child, 'close');
    expect(await text(child.stdout)).toBe('');
    expect(JSON.parse(await text(child.stderr)).error.code).toBe('unreachable');
    expect(await ended).toEqual([7, null]);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('%s reaches outkit dev, which stops in order', async (signal) => {
    const project = temporaryProject();
    const child = start(project, ['dev', '--port', '0']);
    const ended = once(child, 'close');
    for await (const line of createInterface(child.stdout)) if (line.startsWith('Ready on')) break;
    child.stdout.resume();
    const stderr = text(child.stderr);
    child.kill(signal);
    expect(await ended).toEqual([0, null]);
    expect(await stderr).toContain('Stopping');
    expect(existsSync(project.path('.outkit/server.json'))).toBe(false);
  });

  it('without a Node of its own it says what is needed, in two lines', async () => {
    const project = temporaryProject();
    mkdirSync(project.path('bin'));
    copyFileSync(OUTKIT, project.path('bin/outkit.js'));
    const child = start(project, ['--version'], project.path('bin/outkit.js'));
    const ended = once(child, 'close');
    const version = execFileSync(oldNode ?? '', ['--version'], { encoding: 'utf8' }).trim();
    expect(await text(child.stderr)).toBe(
      `Error: outkit needs Node 22.18 or newer; this is ${version}.\n  Try: install Node 24 LTS, then run the command again\n`,
    );
    expect(await ended).toEqual([1, null]);
  });
});
