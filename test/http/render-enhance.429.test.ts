import { describe, expect, it } from 'vitest';
import { OutkitError } from '../../src/core/errors.ts';
import { VERDICTS } from '../../src/core/verdict.ts';
import type { Authenticate } from '../../src/gateway/authenticate.ts';
import { createHttpApp } from '../../src/server/http-app.ts';
import { guardRenderer } from '../../src/server/render-gate.ts';
import { NOON } from '../key-builder.ts';
import { seededRandom } from '../seeded-random.ts';
import { headerOf, type RawAnswer } from './raw-http.ts';
import { codeOf, keyHeader, ServerForTests } from './server-for-tests.ts';

const http = new ServerForTests();

const limitHeaders = (answer: RawAnswer) =>
  ['ratelimit-policy', 'ratelimit', 'retry-after'].map((name) => headerOf(answer, name));

describe('the rate limit', () => {
  it('is told with every answer to an accepted key, and 429 says when to come back', async () => {
    const { plaintext } = await http.createKey({ rateLimitPerMinute: 2 });
    const call = () => http.send({ headers: [keyHeader(plaintext)] });
    const policy = '"key";q=2;w=60';
    expect(limitHeaders(await call())).toEqual([policy, '"key";r=1;t=60', null]);
    http.server.advance(22_500);
    expect(limitHeaders(await call())).toEqual([policy, '"key";r=0;t=38', null]);
    const limited = await call();
    expect([limited.status, codeOf(limited)]).toEqual([429, 'rate_limited']);
    expect(JSON.parse(limited.body).error).toBe('RateLimitExceeded');
    expect(limitHeaders(limited)).toEqual([policy, '"key";r=0;t=38', '38']);
    expect(headerOf(limited, 'cache-control')).toBe('no-store');
    expect(headerOf(limited, 'www-authenticate')).toBeNull();
    http.server.advance(37_499);
    expect(limitHeaders(await call())).toEqual([policy, '"key";r=0;t=1', '1']);
    http.server.advance(1);
    expect(limitHeaders(await call())).toEqual([policy, '"key";r=1;t=60', null]);
  });

  it.each([
    ['free', 10],
    ['pro', 100],
  ] as const)('of the plan %s is %i a minute', async (plan, limit) => {
    const { id } = await http.server.profiles.create({ name: plan, plan, design: {} });
    const { plaintext } = await http.createKey({ profileId: id, rateLimitPerMinute: null });
    const answer = await http.send({ headers: [keyHeader(plaintext)] });
    expect(headerOf(answer, 'ratelimit-policy')).toBe(`"key";q=${limit};w=60`);
  });

  it('also counts requests that are refused for their body, and those only of that key', async () => {
    const { plaintext } = await http.createKey({ rateLimitPerMinute: 3 });
    const other = await http.createKey({ rateLimitPerMinute: 3 });
    const statuses: number[] = [];
    for (const body of ['{', '{}', '{"content":"x"}', '{"content":"x"}']) {
      statuses.push((await http.enhance([keyHeader(plaintext)], body)).status);
    }
    expect(statuses).toEqual([400, 422, 200, 429]);
    expect((await http.enhance([keyHeader(other.plaintext)], { content: 'x' })).status).toBe(200);
  });

  it('is not told to one whose key is refused: the reason comes before the limit', async () => {
    const { id, plaintext } = await http.createKey({ rateLimitPerMinute: 1 });
    const call = () => http.send({ headers: [keyHeader(plaintext)] });
    expect([(await call()).status, (await call()).status]).toEqual([200, 429]);
    await http.server.keys.revoke(id, null);
    const refused = await call();
    expect([refused.status, ...limitHeaders(refused)]).toEqual([401, null, null, null]);
  });

  it('admits exactly the limit when many come at once', async () => {
    const { plaintext } = await http.createKey({ rateLimitPerMinute: 7 });
    const answers = await Promise.all(Array.from({ length: 40 }, () => http.send({ headers: [keyHeader(plaintext)] })));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(7);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(33);
  });
});

describe('503: the gateway cannot judge, or the store cannot answer', () => {
  async function answerOf(authenticate: Authenticate, handler: () => Promise<object>) {
    const reported: unknown[] = [];
    const app = createHttpApp({
      ownNames: [],
      trustedProxies: [],
      fillRandom: seededRandom(1),
      onInternalError: (error) => reported.push(error),
    });
    const clock = { now: () => NOON };
    guardRenderer(app, {
      authenticate,
      clock,
      recorder: { record: () => null, finished: () => {} },
      limitScope: 'shared',
    });
    app.get('/x', handler);
    const { statusCode, headers, body } = await app.inject({ url: '/x', headers: { host: 'localhost' } });
    await app.close();
    return { statusCode, headers, body: JSON.parse(body), reported };
  }

  it('when the verdict is unavailable, the route does not run', async () => {
    let ran = false;
    const authenticate = () => ({ verdict: VERDICTS.unavailable, secret: null, limit: null });
    const { statusCode, headers, body } = await answerOf(authenticate, async () => {
      ran = true;
      return {};
    });
    expect(statusCode).toBe(503);
    expect(body).toMatchObject({ error: 'Unavailable', code: 'unavailable' });
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'retry-after': '1',
      'x-request-id': expect.stringMatching(/^req_/),
    });
    expect(headers).not.toHaveProperty('www-authenticate');
    expect(ran).toBe(false);
  });

  it('tells the operator what failed, and the caller nothing of it', async () => {
    const accepted = () => ({ verdict: VERDICTS.accepted, secret: null, limit: null });
    const cause = new Error('disk full on /var/lib/secret');
    for (const [thrown, status] of [
      [new OutkitError('unavailable', 'The database could not be used', null, { cause }), 503],
      [cause, 500],
    ] as const) {
      const { statusCode, body, reported } = await answerOf(accepted, () => Promise.reject(thrown));
      expect(statusCode).toBe(status);
      expect(JSON.stringify(body)).not.toContain('/var/lib');
      expect(reported).toEqual([cause]);
    }
  });
});
