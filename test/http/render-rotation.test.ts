import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS } from '../../src/core/clock.ts';
import { headerOf, type RawAnswer } from './raw-http.ts';
import { codeOf, keyHeader, ServerForTests } from './server-for-tests.ts';

const http = new ServerForTests();

const call = (plaintext: string) => http.send({ headers: [keyHeader(plaintext)] });
const ends = (answer: RawAnswer) => ['deprecation', 'sunset'].map((name) => headerOf(answer, name));

describe('the old secret of a rotated key', () => {
  it('is accepted in second 86399 and says its end; in 86400 and 86401 it is 401', async () => {
    const key = await http.createKey();
    const rotatedAt = http.server.now();
    const newer = await http.rotate(key, DAY_MS);
    const expected = [`@${rotatedAt / 1000}`, new Date(rotatedAt + DAY_MS).toUTCString()];
    for (const [advance, status] of [
      [0, 200],
      [86_399_000, 200],
      [999, 200],
      [1, 401],
      [1000, 401],
    ] as const) {
      http.server.advance(advance);
      const answer = await call(key.plaintext);
      expect(answer.status).toBe(status);
      expect(ends(answer)).toEqual(status === 200 ? expected : [null, null]);
      const current = await call(newer);
      expect([current.status, ...ends(current)]).toEqual([200, null, null]);
    }
    expect(codeOf(await call(key.plaintext))).toBe('key_superseded');
  });

  it('says its end with an error of the body too, and no end once the rotation is cancelled', async () => {
    const key = await http.createKey();
    await http.rotate(key, HOUR_MS);
    const answer = await http.enhance([keyHeader(key.plaintext)], '{');
    expect(answer.status).toBe(400);
    expect(headerOf(answer, 'sunset')).toBe(new Date(http.server.now() + HOUR_MS).toUTCString());
    await http.server.keys.cancelRotation(key.id);
    expect(ends(await call(key.plaintext))).toEqual([null, null]);
  });

  it('has no grace at all with graceMs 0', async () => {
    const key = await http.createKey();
    const newer = await http.rotate(key, 0);
    expect([codeOf(await call(key.plaintext)), (await call(newer)).status]).toEqual(['key_superseded', 200]);
  });
});

describe('time that was set back an hour, and a restart', () => {
  it('revives neither an old secret, nor an expired or revoked key, and ends nothing early', async () => {
    const { server } = http;
    const rotated = await http.createKey();
    const newer = await http.rotate(rotated, DAY_MS);
    const expired = await http.createKey({ expiresAt: server.now() + DAY_MS });
    const expiring = await http.createKey({ expiresAt: server.now() + DAY_MS + 1 });
    const revoked = await http.createKey();
    await server.keys.revoke(revoked.id, null);
    server.advance(DAY_MS);
    const verdicts = async () => [
      codeOf(await call(rotated.plaintext)),
      codeOf(await call(expired.plaintext)),
      codeOf(await call(revoked.plaintext)),
      (await call(newer)).status,
      (await call(expiring.plaintext)).status,
    ];
    const expected = ['key_superseded', 'key_expired', 'key_revoked', 200, 200];
    expect(await verdicts()).toEqual(expected);
    server.advance(-HOUR_MS);
    expect(await verdicts()).toEqual(expected);
    await server.restart();
    expect(await verdicts()).toEqual(expected);
    server.advance(HOUR_MS + 1);
    expect(codeOf(await call(expiring.plaintext))).toBe('key_expired');
  });
});
