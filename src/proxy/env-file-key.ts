import { open, stat } from 'node:fs/promises';

const MAX_FILE_BYTES = 64 * 1024;
const VARIABLE_NAME = /^[A-Za-z_]\w{0,99}$/;
/** In the bare form words and gaps take turns, so that no text is gone over twice. */
const QUOTED_OR_COMMENTED = /^(?:"([^"]*)"|'([^']*)'|([^"'# \t]*(?:[ \t]+[^"'# \t]+)*))[ \t]*(?:#.*)?$/;

/**
 * A `key` for `createOutkitProxy`: one variable of an env file. Each request looks whether the file has changed, and only then reads it
 * again, so that a rotated key is picked up without a restart. Gives `undefined` for a file that is missing, unreadable or over 64 KiB.
 * Throws a TypeError for a name that no variable can have.
 */
export function keyFromEnvFile(path = '.env.local', name = 'OUTKIT_API_KEY'): () => Promise<string | undefined> {
  if (!VARIABLE_NAME.test(name)) throw new TypeError('name must be that of an environment variable');
  let version: string | null = null;
  let value: string | undefined;
  return async () => {
    try {
      const { ino, size, mtimeNs, isFile } = await versionOf(path);
      const found = `${ino} ${size} ${mtimeNs}`;
      if (found !== version) {
        // What changes while it is read has another version at the next look.
        value = isFile ? valueIn(await contentsOf(path), name) : undefined;
        version = found;
      }
      return value;
    } catch {
      version = null;
      return undefined;
    }
  };
}

async function versionOf(path: string) {
  const stats = await stat(path, { bigint: true });
  const { ino, size, mtimeNs } = stats;
  return { ino, size, mtimeNs, isFile: stats.isFile() };
}

async function contentsOf(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(MAX_FILE_BYTES + 1));
    return bytesRead > MAX_FILE_BYTES ? '' : buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}

/** Of the last line that sets it, as shells and `dotenv` do. */
function valueIn(text: string, name: string): string | undefined {
  const line = new RegExp(`^\\uFEFF?[ \\t]*(?:export[ \\t]+)?${name}[ \\t]*=[ \\t]*(.*)$`);
  const set = text.split(/\r\n|\n|\r/).findLast((candidate) => line.test(candidate));
  if (set === undefined) return undefined;
  const written = line.exec(set)?.[1] ?? '';
  const [, double, single, bare] = QUOTED_OR_COMMENTED.exec(written) ?? [];
  return double ?? single ?? bare ?? written;
}
