import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { vi } from 'vitest';
import type { KeySummary } from '../../core/key-service.ts';
import { Machine, PROFILE } from '../machine.fixture.ts';

export const KEY = /okd_[0-9A-Za-z]{38}/;
export const TTY = { tty: true, env: { NO_COLOR: '1' } } as const;
export const CREATE = 'Create a key and write it to .env.local?';
export const IGNORE = 'git does not ignore .env.local. Add it to .gitignore?';

export const PROXY = 'app/api/outkit/route.js';
export const WRITE = `Write ${PROXY}?`;

/** A Next.js app that has seen no outkit yet, unless files say otherwise. */
export async function project(files: Readonly<Record<string, string>> = {}, withConfig = false): Promise<Machine> {
  const machine = await Machine.start();
  if (!withConfig) rmSync(join(machine.cwd, 'outkit.json'));
  const all = { 'package.json': '{ "dependencies": { "next": "15" } }', '.gitignore': '.env*\n', ...files };
  for (const [name, contents] of Object.entries(all)) machine.write(name, contents);
  return machine;
}

export function read(machine: Machine, name: string): string {
  return readFileSync(join(machine.cwd, name), 'utf8');
}

export function has(machine: Machine, name: string): boolean {
  return existsSync(join(machine.cwd, name));
}

export function git(machine: Machine): void {
  vi.stubEnv('GIT_CONFIG_GLOBAL', '/dev/null');
  execFileSync('git', ['init', '--quiet'], { cwd: machine.cwd });
}

export async function keysOf(machine: Machine, profileId = PROFILE): Promise<readonly KeySummary[]> {
  return (await machine.keys.list({ profileId, includeEnded: true, cursor: null, limit: 100 })).data;
}

export function yes(machine: Machine, ...flags: string[]) {
  return machine.run(['init', '--yes', ...flags]);
}
