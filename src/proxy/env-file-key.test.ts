import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { keyFromEnvFile } from './env-file-key.ts';

function envFile(text?: string | Buffer): string {
  const directory = mkdtempSync(join(tmpdir(), 'outkit-env-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const path = join(directory, '.env.local');
  if (text !== undefined) writeFileSync(path, text);
  return path;
}

describe('the key of an env file', () => {
  it.each([
    ['OUTKIT_API_KEY=v', 'v'],
    ['\uFEFFOUTKIT_API_KEY=v', 'v'],
    ['A=1\r\nOUTKIT_API_KEY=v\r\nB=2\r\n', 'v'],
    ['export OUTKIT_API_KEY = v  ', 'v'],
    ['OUTKIT_API_KEY=v  w\t# mine', 'v  w'],
    ['OUTKIT_API_KEY="v"', 'v'],
    ["OUTKIT_API_KEY='v' # mine", 'v'],
    ['OUTKIT_API_KEY=v # mine', 'v'],
    ['OUTKIT_API_KEY=old\nOUTKIT_API_KEY=v', 'v'],
    ['OUTKIT_API_KEY=', ''],
    ['OUTKIT_API_KEY="v', '"v'],
    ['#OUTKIT_API_KEY=v', undefined],
    ['MY_OUTKIT_API_KEY=v\nOUTKIT_API_KEY_2=v', undefined],
    ['', undefined],
  ])('%j is %j', async (text, value) => {
    expect(await keyFromEnvFile(envFile(text))()).toBe(value);
  });

  it('is that of the file as it is now: replaced, written over, gone and there again', async () => {
    const path = envFile('OUTKIT_API_KEY=a1');
    const key = keyFromEnvFile(path);
    expect([await key(), await key()]).toEqual(['a1', 'a1']);
    writeFileSync(`${path}.new`, 'OUTKIT_API_KEY=b1');
    renameSync(`${path}.new`, path);
    expect(await key()).toBe('b1');
    writeFileSync(path, 'OUTKIT_API_KEY=longer');
    expect(await key()).toBe('longer');
    rmSync(path);
    expect(await key()).toBeUndefined();
    writeFileSync(path, 'OUTKIT_API_KEY=c1');
    expect(await key()).toBe('c1');
  });

  it('is none from a folder, and from a file over 64 KiB', async () => {
    const folder = envFile();
    mkdirSync(folder);
    expect(await keyFromEnvFile(folder)()).toBeUndefined();
    const line = 'OUTKIT_API_KEY=v\n';
    const filler = (bytes: number) => `${line}${'#'.repeat(bytes - line.length)}`;
    expect(await keyFromEnvFile(envFile(filler(65_536)))()).toBe('v');
    expect(await keyFromEnvFile(envFile(filler(65_537)))()).toBeUndefined();
  });

  it('is read in the time of the length, whatever the line is made of', async () => {
    const blanks = `a${' '.repeat(65_000)}"`;
    // A pattern that went over the blanks again from each of them would block the app for minutes.
    for (let count = 0; count < 10; count++) {
      expect(await keyFromEnvFile(envFile(`OUTKIT_API_KEY=${blanks}`))()).toBe(blanks);
    }
  });

  it('may have another name, but none that is a pattern', async () => {
    expect(await keyFromEnvFile(envFile('MY_KEY=v'), 'MY_KEY')()).toBe('v');
    for (const name of ['', '.*', 'A B', 'A=', '1A']) expect(() => keyFromEnvFile('a', name)).toThrow('name must be');
  });
});
