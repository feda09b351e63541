import { chmodSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readSettingsFile } from './serve-settings-file.ts';

function directoryWith(files: Readonly<Record<string, string>>): string {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'outkit-settings-')));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  for (const [name, contents] of Object.entries(files)) writeFileSync(join(directory, name), contents);
  return directory;
}

function read(cwd: string, { flag, env = {} }: { flag?: string; env?: Record<string, string> } = {}) {
  return readSettingsFile({ cwd, env, userId: process.getuid?.() ?? null }, flag);
}

describe('the settings file', () => {
  it('is that of --config, then of the variable, then the one in the working directory', async () => {
    const cwd = directoryWith({ 'a.json': '{"port":1}', 'b.json': '{"port":2}', 'outkit.server.json': '{"port":3}' });
    const env = { OUTKIT_SERVER_CONFIG: 'b.json' };
    expect(await read(cwd, { flag: 'a.json', env })).toMatchObject({ path: 'a.json', value: { port: 1 } });
    expect(await read(cwd, { env })).toMatchObject({ path: 'b.json', value: { port: 2 }, directory: cwd });
    expect(await read(cwd)).toMatchObject({ path: 'outkit.server.json', value: { port: 3 } });
    expect(await read(directoryWith({}))).toBeNull();
  });

  it('knows the line of each field, in objects too', async () => {
    const cwd = directoryWith({
      'outkit.server.json':
        '{\n  "port": 1,\n\n  "oidc": {\n    "issuer": "x",\n    "label": "}\\"{"\n  },\n  "smtp": { "host": "x" }\n}\n',
    });
    const file = await read(cwd);
    if (file?.kind !== 'read') throw new Error('not read');
    expect(['port', 'oidc', 'oidc.issuer', 'oidc.label', 'smtp.host', 'smtp'].map(file.lineOf)).toEqual([
      2, 4, 5, 6, 8, 8,
    ]);
  });

  it.each([
    ['{ "port": 1, }', 'outkit.server.json:1: is not JSON here (comments and trailing commas are not)'],
    ['[]', 'outkit.server.json:1: must hold one JSON object'],
    ['', 'outkit.server.json:1: is not JSON here (comments and trailing commas are not)'],
    [`${' '.repeat(70_000)}{}`, 'outkit.server.json:1: is larger than 64 KiB'],
  ])('is refused by its path and line: %s', async (contents, message) => {
    expect(await read(directoryWith({ 'outkit.server.json': contents }))).toEqual({ kind: 'refused', message });
  });

  it('is refused when it was named and is not there', async () => {
    expect(await read(directoryWith({}), { flag: 'none.json' })).toEqual({
      kind: 'refused',
      message: 'none.json: does not exist',
    });
  });

  it.skipIf(process.getuid?.() !== 0)('is refused when another user can write it', async () => {
    const { chownSync } = await import('node:fs');
    const cwd = directoryWith({ 'outkit.server.json': '{}' });
    const path = join(cwd, 'outkit.server.json');
    chownSync(path, 12_345, 12_345);
    chmodSync(path, 0o666);
    expect(await read(cwd)).toEqual({
      kind: 'refused',
      message: 'outkit.server.json: belongs to another user and others can write it',
    });
  });
});
