import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { OutkitError } from '../core/errors.ts';
import { readServeConfig, type ServeConfig, type ServeConfigSources } from './serve-config.ts';

/** Random, from a seed of nobody: 48 bytes as `openssl rand -base64 48` writes them. */
export const SECRET = '3CzNgXbJ0n8uRZr4mVQy1wTfKpHsLdGe6aB7iOq2vUxYc9WjEhPktDlMoSA5F/I+';

/** A directory of settings and secrets that goes away with the test. */
export class SettingsDirectory {
  readonly path = realpathSync(mkdtempSync(join(tmpdir(), 'outkit-serve-')));

  constructor() {
    onTestFinished(() => rmSync(this.path, { recursive: true, force: true }));
    this.secret('outkit.secret', `${SECRET}\n`);
  }

  /** Writes a file that only its owner can read, unless a mode says otherwise. */
  secret(name: string, contents: string, mode = 0o600): string {
    const path = join(this.path, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, contents);
    chmodSync(path, mode);
    return path;
  }

  /** Reads the configuration from these sources; the secret is given unless the environment says otherwise. */
  read({ env = {}, file = null, ...more }: Partial<ServeConfigSources> = {}): ServeConfig {
    const base = { OUTKIT_SECRET_FILE: 'outkit.secret' };
    const userId = process.getuid?.() ?? null;
    return readServeConfig({
      flags: {},
      env: { ...base, ...env },
      file,
      cwd: this.path,
      userId,
      nodeFlags: [],
      ...more,
    });
  }

  /** The lines that a refused configuration is answered with, without the first one. */
  problems(sources: Partial<ServeConfigSources>): readonly string[] {
    try {
      this.read(sources);
    } catch (error) {
      if (!(error instanceof OutkitError) || error.code !== 'invalid_config') throw error;
      return error.details;
    }
    return [];
  }

  /** `outkit.server.json` with each field on a line of its own, from the second line on. */
  file(value: object): ServeConfigSources['file'] {
    const fields = Object.keys(value);
    const lineOf = (field: string) => fields.indexOf(field.split('.')[0] ?? '') + 2;
    return { kind: 'read', path: 'outkit.server.json', directory: join(this.path, 'etc'), value, lineOf };
  }
}
