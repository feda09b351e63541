import { expect } from 'vitest';
import type { Witness } from './canary-witness.ts';
import type { ServerProcess } from './durability-server.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const TEXT = '# Plans\n\n| a | b |\n|---|---|\n| 1 | 2 |\n';

type Status = number;

/** Renders with a key as JSON, as a stream, and with an invalid body. Resolves to the statuses. */
export async function renders(witness: Witness, url: string, secret: string): Promise<Status[]> {
  const statuses: Status[] = [];
  for (const [query, body] of [
    ['?stream=false', { content: TEXT }],
    ['', { content: TEXT }],
    ['', { content: 7 }],
  ] as const) {
    const headers = { 'x-outkit-api-key': secret, ...JSON_TYPE };
    const init = { method: 'POST', headers, body: JSON.stringify(body) };
    statuses.push((await witness.fetch(`${url}/render/enhance${query}`, init)).status);
  }
  return statuses;
}

/** Puts the key wherever it does not belong. Nothing of it may come back, so every answer is kept. */
export async function mistakes(witness: Witness, server: ServerProcess, secret: string): Promise<void> {
  const { url, token, profileId } = server;
  const key = { 'x-outkit-api-key': secret };
  const control = { authorization: `Bearer ${token}`, ...JSON_TYPE };
  const sent: [path: string, init: RequestInit, status: Status][] = [
    // Damaged on the way: a character more, one less, one changed, quoted.
    ...[`${secret}x`, secret.slice(0, -1), `${secret.slice(0, -1)}!`, `"${secret}"`].map(
      (damaged): (typeof sent)[number] => ['/components', { headers: { 'x-outkit-api-key': damaged } }, 401],
    ),
    // In another place than the header.
    [`/components?key=${secret}`, {}, 401],
    [`/components?key=${secret}`, { headers: key }, 400],
    [`/render/${secret}`, { method: 'POST', headers: key }, 404],
    [`/render/enhance/${secret}?${secret}`, { method: 'POST', headers: { ...key, ...JSON_TYPE }, body: '{}' }, 404],
    [`/%6f${secret.slice(1)}`, { headers: key }, 400],
    ['/components', { headers: { cookie: `key=${secret}`, referer: `http://app/?${secret}` } }, 401],
    ['/components', { headers: { ...key, 'user-agent': `curl ${secret}`, cookie: `key=${secret}` } }, 200],
    // Listing writes what was counted, before a later use takes the place of that one.
    [`/v1/profiles/${profileId}/keys`, { headers: control }, 200],
    ['/components', { headers: { ...key, authorization: `Bearer ${secret}` } }, 400],
    // In bodies that the renderer refuses.
    ...[`{"content":"${secret}`, `{"${secret}":1}`, `"${secret}"`, `{"content":{"${secret}":"${secret}"}}`, secret].map(
      (body): (typeof sent)[number] => [
        '/render/enhance',
        { method: 'POST', headers: { ...key, ...JSON_TYPE }, body },
        0,
      ],
    ),
    ['/render/enhance', { method: 'POST', headers: { ...key, 'content-type': `text/${secret}` }, body: 'x' }, 415],
    // At the control API.
    [`/v1/keys/${secret}`, { headers: control }, 404],
    [`/v1/keys?prefix=${secret}`, { headers: control }, 400],
    ['/v1/keys', { headers: { authorization: `Bearer ${secret}` } }, 401],
    [`/v1/profiles/${secret}/keys`, { method: 'POST', headers: control, body: '{"name":"x"}' }, 404],
    ...[
      { name: secret },
      { name: `dev ${secret} key` },
      { name: 'x', hash: secret, start: secret.slice(0, 8) },
      { name: 'x', hash: 'a'.repeat(64), start: secret },
      { name: 'x', [secret]: secret },
      { name: 'x', environment: secret },
    ].map((body): (typeof sent)[number] => [
      `/v1/profiles/${profileId}/keys`,
      { method: 'POST', headers: control, body: JSON.stringify(body) },
      400,
    ]),
    ['/v1/profiles', { method: 'POST', headers: control, body: JSON.stringify({ name: secret }) }, 400],
    [
      '/v1/profiles',
      { method: 'POST', headers: control, body: JSON.stringify({ name: 'x', design: { '--outkit-primary': secret } }) },
      400,
    ],
  ];
  for (const [path, init, status] of sent) {
    const answer = await witness.fetch(`${url}${path}`, init);
    const isRefused = answer.status >= 400 && answer.status < 500;
    expect(status === 0 ? isRefused : answer.status === status, `${path}: ${answer.status} ${answer.text}`).toBe(true);
  }
  // What the renderer gives back of a text is the text; it is the only answer that may have the key, and nobody keeps it.
  const body = JSON.stringify({ content: `Use ${secret} for this` });
  const headers = { ...key, ...JSON_TYPE };
  const rendered = await fetch(`${url}/render/enhance?stream=false`, { method: 'POST', headers, body });
  expect(await rendered.text()).toContain(secret);
}
