import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { copyToClipboard } from './clipboard.ts';

/** A directory that is the whole path, with programs that write their arguments and input to files. */
function programs(...names: string[]): string {
  const directory = mkdtempSync(join(tmpdir(), 'outkit-clipboard-'));
  const script = `#!/bin/sh\necho "$@" > "${directory}/arguments"\n/bin/cat > "${directory}/input"\n`;
  for (const name of names) writeFileSync(join(directory, name), script, { mode: 0o700 });
  vi.stubEnv('PATH', directory);
  onTestFinished(() => {
    vi.unstubAllEnvs();
    rmSync(directory, { recursive: true, force: true });
  });
  return directory;
}

describe('the clipboard', () => {
  it.each([
    ['darwin', {}, 'pbcopy'],
    ['win32', {}, 'clip.exe'],
    ['linux', { WAYLAND_DISPLAY: 'wayland-0' }, 'wl-copy'],
    ['linux', { WAYLAND_DISPLAY: 'wayland-0' }, 'xclip'],
    ['linux', {}, 'xclip'],
    ['linux', {}, 'clip.exe'],
  ] as const)(
    'on %s with %j is reached through %s, on standard input, never as an argument',
    async (platform, env, name) => {
      const directory = programs(name);
      await copyToClipboard('a secret', platform, env);
      expect(readFileSync(join(directory, 'input'), 'utf8')).toBe('a secret');
      expect(readFileSync(join(directory, 'arguments'), 'utf8')).not.toContain('secret');
    },
  );

  it('that no program reaches is an error', async () => {
    programs();
    await expect(copyToClipboard('a secret', 'linux', {})).rejects.toThrow('no clipboard program');
  });
});
