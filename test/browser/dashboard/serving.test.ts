import { request } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { AccountsServer } from '../../accounts-server.ts';

/** A request as a browser sends it, whose answer is not unpacked. */
function get(url: string, headers: Readonly<Record<string, string>>) {
  return new Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; body: Buffer }>((resolve, reject) => {
    request(url, { headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks) }),
      );
    })
      .on('error', reject)
      .end();
  });
}

it('the dashboard is one document for whoever is signed in, and files that browsers keep, compressed as they take it', async () => {
  const server = await AccountsServer.start();
  try {
    const { credential } = await server.owner();
    const cookie = { cookie: `outkit=${credential}` };
    const stranger = await get(`${server.url}/keys/key_2222222222222222`, {});
    expect([stranger.status, stranger.headers['location']]).toEqual([
      303,
      '/sign-in?next=%2Fkeys%2Fkey_2222222222222222',
    ]);

    const pages = await Promise.all(
      ['/', '/keys', '/keys/key_2222222222222222'].map((path) => get(server.url + path, cookie)),
    );
    expect(
      new Set(pages.map(({ status, headers, body }) => `${status} ${headers['cache-control']} ${body}`)).size,
    ).toBe(1);
    const [page] = pages;
    expect([page?.status, page?.headers['cache-control'], page?.headers['x-frame-options']]).toEqual([
      200,
      'no-store',
      'DENY',
    ]);
    expect(page?.headers['content-security-policy']).toContain(
      "require-trusted-types-for 'script'; trusted-types 'none'",
    );

    const [, script = ''] = /src="(\/assets\/[^"]+\.js)"/.exec(String(page?.body)) ?? [];
    const plain = await get(server.url + script, {});
    expect(plain.headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
      vary: 'accept-encoding',
    });
    for (const [accepted, encoding, unpack] of [
      ['gzip, deflate, br', 'br', brotliDecompressSync],
      ['gzip, br;q=0', 'gzip', gunzipSync],
      ['identity, br;q=0.0', undefined, (body: Buffer) => body],
    ] as const) {
      const answer = await get(server.url + script, { 'accept-encoding': accepted });
      expect(answer.headers['content-encoding']).toBe(encoding);
      expect(unpack(answer.body).equals(plain.body)).toBe(true);
    }

    const missing = await get(`${server.url}/assets/index-00000000.js`, cookie);
    expect([missing.status, JSON.parse(String(missing.body)).code]).toEqual([404, 'not_found']);
  } finally {
    await server.stop();
  }
});
