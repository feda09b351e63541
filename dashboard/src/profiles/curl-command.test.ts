import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { curlCommand } from './curl-command.ts';

it('reaches curl as it was, whatever a text has in it', () => {
  for (const content of ['plain', "it's", '$(touch /tmp/x) `id` "$HOME"', 'a\nb\\n!', "'\\''", '@file', '']) {
    const script = `curl() { printf '%s\\0' "$@"; }\n${curlCommand('https://outkit.example', content)}`;
    const env = { OUTKIT_API_KEY: 'the key of the environment' };
    const args = execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8', env }).split('\0');
    expect(args.slice(0, 3)).toEqual([
      'https://outkit.example/render/enhance?stream=false',
      '-H',
      'x-outkit-api-key: the key of the environment',
    ]);
    expect(JSON.parse(args[6] ?? '')).toEqual({ content });
  }
});
