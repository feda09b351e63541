import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { PROXY_ERRORS } from './proxy-error.ts';

it('docs/proxy.md names every code that the proxy answers, with its status', () => {
  const page = readFileSync(new URL('../../docs/proxy.md', import.meta.url), 'utf8');
  const rows = [...page.matchAll(/^\| `([a-z_]+)` \| (\d{3}) \|/gm)].map(([, code, status]) => [code, Number(status)]);
  expect(rows).toEqual(Object.entries(PROXY_ERRORS).map(([code, [status]]) => [code, status]));
});
