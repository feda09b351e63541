import { fileURLToPath } from 'node:url';
import { createContext, runInContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';

const ENTRY = fileURLToPath(new URL('stream.ts', import.meta.url));
const MAX_BYTES = 3072;

async function bundled(format: 'esm' | 'iife'): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [ENTRY],
    bundle: true,
    minify: true,
    write: false,
    format,
    globalName: 'outkit',
    platform: 'neutral',
    target: 'es2022',
  });
  return outputFiles[0]?.text ?? '';
}

describe('the bundle for apps', () => {
  it('is below 3 KB as gzip sends it, and imports nothing', async () => {
    const code = await bundled('esm');
    expect(code).toContain('export{');
    expect(gzipSync(code).length).toBeLessThan(MAX_BYTES);
    expect(code).not.toMatch(/\bimport\b|\brequire\b/);
  });

  it('reads a stream where there is nothing but the language and TextDecoder', async () => {
    const context = createContext({ TextDecoder });
    runInContext(await bundled('iife'), context);
    const text = JSON.stringify('data: {"type":"meta","design":{}}\n\ndata: [DONE]\n\n');
    const reading = `(async () => {
      const items = [];
      const source = (async function* () { yield new Uint8Array(); yield ${text}; })();
      for await (const item of outkit.readStream(source)) items.push(item);
      return JSON.stringify(items);
    })()`;
    expect(await runInContext(reading, context)).toBe('[{"type":"design","design":{}}]');
  });
});
