import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const MAIN = new URL('./main.ts', import.meta.url).href;
const CWD = fileURLToPath(new URL('/', import.meta.url));

/** Runs the real command line from its source, and resolves to its exit code and standard error. */
function outkit(argv: string[], stdout: 'pipe' | number): Promise<{ exitCode: number | null; stderr: string }> {
  const script = `(await import(${JSON.stringify(MAIN)})).main()`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, '--', 'outkit', ...argv], {
    cwd: CWD,
    env: {},
    stdio: ['ignore', stdout, 'pipe'],
  });
  let stderr = '';
  child.stderr?.on('data', (data) => {
    stderr += data;
  });
  child.stdout?.destroy();
  return new Promise((resolve) => child.on('close', (exitCode) => resolve({ exitCode, stderr })));
}

describe('standard output', () => {
  it('whose reader went away ends the command silently', async () => {
    expect(await outkit(['help', 'environment'], 'pipe')).toEqual({ exitCode: 0, stderr: '' });
  });

  it.runIf(existsSync('/dev/full'))('that cannot take the data is exit 1 and one line', async () => {
    const full = openSync('/dev/full', 'w');
    try {
      expect(await outkit(['help', 'environment'], full)).toEqual({
        exitCode: 1,
        stderr: 'Error: Cannot write the output: ENOSPC\n',
      });
    } finally {
      closeSync(full);
    }
  });
});
