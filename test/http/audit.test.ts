import { describe, expect, it } from 'vitest';
import { headText } from '../../src/core/audit.ts';
import { hashSecret } from '../../src/core/secret-hash.ts';
import { headerOf, type RawAnswer } from './raw-http.ts';
import { codeOf, JSON_TYPE, ServerForTests, TOKEN } from './server-for-tests.ts';

const http = new ServerForTests();

function bodyOf({ body }: RawAnswer): { data: Record<string, unknown>[]; hasMore: boolean; nextCursor: string | null } {
  return JSON.parse(body);
}

describe('GET /v1/audit', () => {
  it('is 200 with entries, newest first, never stored', async () => {
    const { id } = await http.createKey();
    const answer = await http.control('/v1/audit?limit=1');
    expect([answer.status, headerOf(answer, 'cache-control')]).toEqual([200, 'no-store']);
    expect(bodyOf(answer)).toEqual({
      data: [
        {
          teamId: expect.stringMatching(/^team_/),
          seq: expect.any(Number),
          at: new Date(http.server.now()).toISOString(),
          actor: 'local',
          session: null,
          client: 'node',
          ip: '127.0.0.1',
          action: 'key.create',
          subjectKind: 'key',
          subjectId: id,
          profileId: http.server.profileId,
          before: null,
          after: {
            name: 'test key',
            environment: 'development',
            rateLimitPerMinute: 1_000_000,
            start: expect.any(String),
          },
          previousHash: expect.stringMatching(/^[0-9a-f]{64}$/),
          hash: expect.stringMatching(/^[0-9a-f]{64}$/),
          outcome: null,
        },
      ],
      hasMore: true,
      nextCursor: expect.any(String),
    });
  });

  it('keeps of the user agent 200 characters at most, and no key', async () => {
    const { id, plaintext } = await http.createKey();
    const agent = `curl ${plaintext} ${'x'.repeat(400)}`;
    const headers = [TOKEN, JSON_TYPE, ['user-agent', agent] as const];
    await http.send({ method: 'POST', target: `/v1/keys/${id}/revoke`, headers, body: '{}' });
    const { data } = await http.server.audit.list({ since: null, keyId: id, cursor: null, limit: 1 });
    expect(data[0]?.client).toMatch(/^curl okd_\w{4}•{8} x+$/);
    expect(data[0]?.client).toHaveLength(200);
  });

  it.each([
    'limit=0',
    'limit=31',
    'limit=x',
    'since=yesterday',
    'since=2026-02-30T00:00:00Z',
    'keyId=key_1',
    'keyId=prof_2222222222222222',
    'cursor=x',
    'teamId=team_2222222222222222',
    'include=all',
    'limit=1&limit=2',
  ])('refuses %s with 400', async (query) => {
    const answer = await http.control(`/v1/audit?${query}`);
    expect([answer.status, codeOf(answer)]).toEqual([400, 'bad_request']);
  });
});

describe('GET /v1/audit/chain', () => {
  it('is 200 with the stored entries behind one, oldest first', async () => {
    await http.createKey();
    const { data } = bodyOf(await http.control('/v1/audit/chain?after=1'));
    expect(data[0]).toMatchObject({ seq: 2, at: expect.any(Number) });
    const first = bodyOf(await http.control('/v1/audit/chain'));
    expect(first.data[0]).toMatchObject({ seq: 1, actor: 'server', client: null, ip: null, action: 'profile.create' });
    expect(data[0]?.['previousHash']).toBe(first.data[0]?.['hash']);
  });

  it.each(['after=-1', 'after=x', 'after=1.5', 'limit=5', 'teamId=x'])('refuses %s with 400', async (query) => {
    const answer = await http.control(`/v1/audit/chain?${query}`);
    expect([answer.status, codeOf(answer)]).toEqual([400, 'bad_request']);
  });
});

describe('the audit log', () => {
  it.each(['/v1/audit', '/v1/audit/chain'])('%s is 401 without the token, and takes no changes', async (target) => {
    expect((await http.send({ target })).status).toBe(401);
    const methods = ['POST', 'PUT', 'PATCH', 'DELETE'];
    for (const method of methods) expect((await http.send({ method, target, headers: [TOKEN] })).status).toBe(405);
  });

  it('holds neither a key nor the hash of one, after every kind of change', async () => {
    const key = await http.createKey();
    const secrets = [key.plaintext, await http.rotate(key, 3_600_000)];
    const lost = http.mint();
    await http.server.keys.rotate(key.id, { secret: http.minted(lost), graceMs: 0, replaceNew: true });
    await http.server.keys.extendGrace(key.id, 60_000);
    await http.server.keys.cancelRotation(key.id);
    await http.server.keys.revoke(key.id, null);
    const answers = await Promise.all(
      [`/v1/audit?keyId=${key.id}`, '/v1/audit/chain?after=0', '/v1/audit/chain?after=20'].map((path) =>
        http.control(path),
      ),
    );
    const text = answers.map(({ body }) => body).join('\n');
    expect(text).toContain('key.cancel_rotation');
    for (const secret of [...secrets, lost]) {
      expect(text).not.toContain(secret.slice(8));
      expect(text).not.toContain(hashSecret(secret));
      expect(text).not.toContain(Buffer.from(hashSecret(secret), 'hex').toString('base64').slice(0, 40));
    }
  });

  it('goes on after a restart, and its head is told at the stop if it moved', async () => {
    await http.createKey();
    const told = http.server.auditHeads.length;
    await http.server.restart();
    const [newest] = (await http.server.audit.list({ since: null, keyId: null, cursor: null, limit: 1 })).data;
    expect(http.server.auditHeads.length).toBe(told + 1);
    expect(headText(http.server.auditHeads.at(-1) ?? { seq: 0, hash: '' })).toBe(`${newest?.seq}:${newest?.hash}`);
  });
});
