import { describe, expect, it } from 'vitest';
import { newDashboardPass, PASS_LIFE_MS } from '../../src/core/dashboard-pass.ts';
import { LOCAL_TOKEN } from '../local-server.ts';
import { seededRandom } from '../seeded-random.ts';
import { headerOf, type RawAnswer } from './raw-http.ts';
import { codeOf, type Header, JSON_TYPE, ServerForTests } from './server-for-tests.ts';

const http = new ServerForTests();
const random = seededRandom(77);

const newPass = (credential = LOCAL_TOKEN) => newDashboardPass(credential, http.server.now(), random);
const open = (pass: string) => http.send({ target: `/open/${pass}` });
/** As requests of these tests name the server. */
const ORIGIN = 'http://localhost';

/** The cookie of a browser that came in by a link, as it sends it. */
async function cameIn(): Promise<Header> {
  const [cookie = ''] = headerOf(await open(newPass()), 'set-cookie')?.split(';') ?? [];
  return ['cookie', cookie];
}

describe('a link to the dashboard of outkit dev', () => {
  it('lets one browser in, by a cookie for this host, this port and this browser alone', async () => {
    const answer = await open(newPass());
    expect(answer.status).toBe(200);
    const { port } = new URL(http.server.url);
    expect(headerOf(answer, 'set-cookie')).toMatch(
      new RegExp(`^outkit-dev-${port}=[A-Za-z0-9_-]{43}; Path=/; HttpOnly; SameSite=Strict$`),
    );
    expect(headerOf(answer, 'refresh')).toBe('0; url=/');
    expect(headerOf(answer, 'cache-control')).toBe('no-store');
  });

  it('works once', async () => {
    const pass = newPass();
    expect((await open(pass)).status).toBe(200);
    const second = await open(pass);
    expect([second.status, headerOf(second, 'set-cookie')]).toEqual([410, null]);
    expect(second.body).toContain('outkit open');
  });

  it('is not used up by whoever only asks whether it is there', async () => {
    const pass = newPass();
    expect((await fetch(`${http.server.url}/open/${pass}`, { method: 'HEAD' })).status).toBe(405);
    expect((await open(pass)).status).toBe(200);
  });

  it('ends after 5 minutes, and is worth nothing under another credential or at a later server', async () => {
    const late = newPass();
    http.server.advance(PASS_LIFE_MS);
    for (const pass of [late, newPass('okl_other'), 'x', `${newPass()}x`]) {
      const answer = await open(pass);
      expect([answer.status, headerOf(answer, 'set-cookie')]).toEqual([410, null]);
      expect(answer.body).not.toContain(pass.length > 1 ? pass : 'nothing of it');
    }
  });

  it('lets in as long as the server runs: the next one knows nobody', async () => {
    const cookie = await cameIn();
    expect((await http.send({ target: '/v1/me', headers: [cookie] })).status).toBe(200);
    await http.server.restart();
    expect((await http.send({ target: '/v1/me', headers: [cookie] })).status).toBe(401);
  });
});

describe('a browser that was let in', () => {
  const rename = (headers: readonly Header[]): Promise<RawAnswer> =>
    http.send({
      method: 'POST',
      target: `/v1/profiles/${http.server.profileId}/update`,
      headers: [...headers],
      body: '{"name":"Changed"}',
    });
  const nameNow = async () => (await http.server.profiles.find(http.server.profileId)).name;

  it('is the owner of the local team', async () => {
    const { status, body } = await http.send({ target: '/v1/me', headers: [await cameIn()] });
    expect([status, JSON.parse(body)]).toMatchObject([200, { person: null, teams: [{ role: 'owner' }] }]);
  });

  it('changes something from a page of this server only, and in JSON only', async () => {
    const cookie = await cameIn();
    const origin: Header = ['origin', ORIGIN];
    const refused: [Header[], number][] = [
      [[JSON_TYPE], 401],
      [[JSON_TYPE, ['origin', 'https://evil.example']], 401],
      [[JSON_TYPE, ['origin', 'null']], 401],
      [[JSON_TYPE, ['origin', 'http://127.0.0.1:1']], 401],
      [[JSON_TYPE, ['origin', `http://localhost:${new URL(http.server.url).port}`]], 401],
      [[JSON_TYPE, ['sec-fetch-site', 'same-site']], 401],
      [[['content-type', 'text/plain'], origin], 415],
      [[['content-type', 'application/x-www-form-urlencoded'], origin], 415],
    ];
    for (const [headers, status] of refused) {
      expect([headers, (await rename([cookie, ...headers])).status]).toEqual([headers, status]);
    }
    expect(await nameNow()).toBe('Default');
    expect((await rename([cookie, JSON_TYPE, origin])).status).toBe(200);
    expect(await nameNow()).toBe('Changed');
  });

  it.each([
    ['another site', ['sec-fetch-site', 'cross-site']],
    ['another port of this machine', ['sec-fetch-site', 'same-site']],
    ['another origin', ['origin', 'https://evil.example']],
  ] as const)('shows nothing to %s', async (_, header) => {
    const answer = await http.send({ target: '/v1/me', headers: [await cameIn(), header] });
    expect([answer.status, headerOf(answer, 'access-control-allow-origin')]).toEqual([401, null]);
  });

  it('is nobody with a cookie that is another, or there twice', async () => {
    const [name, cookie] = await cameIn();
    for (const value of [`${cookie}x`, `${cookie}; ${cookie}`, cookie.replace(/=.+/, `=${'A'.repeat(43)}`)]) {
      expect((await http.send({ target: '/v1/me', headers: [[name, value]] })).status).toBe(401);
    }
  });

  it('is let out when 16 others came in after it', async () => {
    const first = await cameIn();
    for (let count = 0; count < 15; count++) await cameIn();
    expect((await http.send({ target: '/v1/me', headers: [first] })).status).toBe(200);
    await cameIn();
    expect((await http.send({ target: '/v1/me', headers: [first] })).status).toBe(401);
  });
});

describe('a browser that was not let in', () => {
  it.each(['/', '/keys', '/keys/key_2222222222222222'])('gets no dashboard at %s, and is told how', async (target) => {
    const answer = await http.send({ target });
    expect(answer.status).toBe(401);
    expect(answer.body).toContain('outkit open');
    expect(headerOf(answer, 'content-security-policy')).toContain("default-src 'none'");
  });

  it.each(['/keys/a/b', '/assets/', '/assets/../index.html', '/assets/index.html', '/index.html'])(
    'finds no file at %s',
    async (target) => {
      const answer = await http.send({ target });
      expect([400, 404]).toContain(answer.status);
      expect(['bad_request', 'not_found']).toContain(codeOf(answer));
    },
  );
});
