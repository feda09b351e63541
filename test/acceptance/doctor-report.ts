import { expect } from 'vitest';
import { findings, formsOf } from './canary-search.ts';
import { KEY, type Project, type RunOptions } from './outkit.ts';

export interface Check {
  readonly name: string;
  readonly verdict: 'pass' | 'warn' | 'fail' | 'skip';
  readonly detail: string;
  readonly fix: string | null;
}

export interface Report {
  readonly ok: boolean;
  readonly checks: readonly Check[];
}

/** All checks, in their order. */
export const NAMES = [
  'node',
  'config',
  'server',
  'version',
  'tls',
  'clock',
  'logins',
  'credential',
  'profile',
  'env-file',
  'browser',
  'build',
  'files',
  'history',
  'key',
];

/**
 * Runs `outkit doctor --json`. Whatever it finds, it MUST run every check, show no key in any form, and exit with 1 when a check failed
 * and with 0 otherwise.
 */
export async function examine(
  project: Project,
  plaintexts: readonly string[],
  options: RunOptions = {},
): Promise<Report> {
  const { stdout, stderr, exitCode } = await project.run(['doctor', '--json'], options);
  expect(stderr).toBe('');
  const report: Report = JSON.parse(stdout);
  expect([...new Set(report.checks.map(({ name }) => name))]).toEqual(NAMES);
  expect(report.ok).toBe(!report.checks.some(({ verdict }) => verdict === 'fail'));
  expect(exitCode).toBe(report.ok ? 0 : 1);
  expect(stdout).not.toMatch(KEY);
  const written = new Map([['stdout', Buffer.from(stdout)]]);
  expect(findings(written, plaintexts.flatMap(formsOf))).toEqual([]);
  return report;
}

/** What the report says of one thing; most checks have one finding. */
export function findingsOf({ checks }: Report, name: string): Omit<Check, 'name'>[] {
  return checks.filter((check) => check.name === name).map(({ name: _, ...finding }) => finding);
}
