import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { NOON } from '../../test/key-builder.ts';
import { headText } from '../core/audit.ts';
import { appendAuditHead } from './audit-heads-file.ts';

const TEAM = 'team_2222222222222222';
const head = (seq: number) => ({ seq, hash: seq.toString(16).padStart(64, '0') });
const line = (seq: number) => `${new Date(NOON).toISOString()} ${TEAM} ${headText(head(seq))}\n`;

function directory(): string {
  const path = mkdtempSync(join(tmpdir(), 'outkit-heads-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

it('adds a line for each head behind what is there, in a file for its owner only, also after that was moved away', async () => {
  const path = join(directory(), 'heads');
  writeFileSync(path, 'before\n', { mode: 0o644 });
  await appendAuditHead(path, NOON, TEAM, head(1));
  await appendAuditHead(path, NOON, TEAM, head(2));
  expect(readFileSync(path, 'utf8')).toBe(`before\n${line(1)}${line(2)}`);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  renameSync(path, `${path}.1`);
  await appendAuditHead(path, NOON, TEAM, head(3));
  expect(readFileSync(path, 'utf8')).toBe(line(3));
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

it('writes into no link, pipe or directory', async () => {
  const path = directory();
  writeFileSync(join(path, 'other'), '');
  symlinkSync(join(path, 'other'), join(path, 'link'));
  execFileSync('mkfifo', [join(path, 'pipe')]);
  for (const name of ['link', 'pipe', '.', 'missing/heads']) {
    await expect(appendAuditHead(join(path, name), NOON, TEAM, head(1)), name).rejects.toThrow();
  }
  expect(readFileSync(join(path, 'other'), 'utf8')).toBe('');
});
