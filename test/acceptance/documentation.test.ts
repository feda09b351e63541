import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { references } from '../../scripts/references.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const OUTKIT = join(ROOT, 'bin/outkit.js');

describe('the generated references', () => {
  it('say what the program says now (else: npm run docs)', async () => {
    for (const [name, text] of Object.entries(await references())) {
      expect(await readFile(join(ROOT, 'docs', name), 'utf8'), name).toBe(text);
    }
  });
});

describe('npm run demo', () => {
  it('does the main job and shows no key', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ['scripts/demo.ts'], { cwd: ROOT });
    expect(stdout).toContain('Every step held.');
    expect(stdout).not.toMatch(/ok[dsp]_[0-9A-Za-z]{38}/);
  });
});

describe('the README', () => {
  it('names npm scripts that exist', async () => {
    const { scripts } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
    const readme = await readFile(join(ROOT, 'README.md'), 'utf8');
    const named = [...readme.matchAll(/npm (?:run )?(demo|test|start|build|docs)\b/g)].map((match) => match[1] ?? '');
    expect(new Set(named)).toEqual(new Set(['demo', 'test']));
    for (const name of named) expect(scripts).toHaveProperty(name);
  });

  it('has a session that runs as it stands, against outkit dev', async () => {
    const project = await mkdtemp(join(tmpdir(), 'outkit-readme-'));
    await symlink(OUTKIT, join(project, 'outkit'));
    const PATH = `${project}:${dirname(process.execPath)}:${process.env['PATH']}`;
    const env = { PATH, HOME: project };
    const server = spawn(process.execPath, ['--', OUTKIT, 'dev', '--port', '0'], { cwd: project, env });
    try {
      const url = await readyUrl(server.stdout);
      const readme = await readFile(join(ROOT, 'README.md'), 'utf8');
      const [, session = ''] = /```console\n([\s\S]*?)```/.exec(readme) ?? [];
      const lines = session.split('\n').filter((line) => line !== '');
      expect(lines.length).toBeGreaterThan(5);
      const script = lines.map((line) => line.replace(/^\$ /, '').replace('http://127.0.0.1:4680', url)).join('\n');
      const { stdout } = await promisify(execFile)('bash', ['--norc', '-euo', 'pipefail', '-c', script], {
        cwd: project,
        env,
      });
      expect(stdout).toContain('"component":"checkbox"');
      expect(stdout).toContain('"served": 1');
      expect(stdout).toMatch(/"status": "revoked"/);
      expect(await readFile(join(project, '.env.local'), 'utf8')).toMatch(/^OUTKIT_API_KEY=okd_\w{38}\n$/);
    } finally {
      server.kill('SIGTERM');
      if (server.exitCode === null) await once(server, 'exit');
      await rm(project, { recursive: true });
    }
    expect(server.exitCode).toBe(0);
  });
});

function readyUrl(stdout: NodeJS.ReadableStream): Promise<string> {
  return new Promise((resolve) => {
    createInterface(stdout).on('line', (line) => {
      const ready = /Ready on (http:\/\/\S+)/.exec(line);
      if (ready?.[1] !== undefined) resolve(ready[1]);
    });
  });
}
