import { afterEach, describe, expect, it, vi } from 'vitest';
import { DEVICE_GRANT_TYPE } from '../../../src/core/accounts.ts';
import { DEVICE_ENDPOINTS } from '../../../src/server/pages/device-endpoints.ts';
import { OWNER, PagesForTests } from '../../pages/pages-server.ts';
import { FORM } from '../../raw-browser.ts';
import { exchange, headerOf, type RawAnswer, rawRequest } from '../raw-http.ts';
import type { Header } from '../server-for-tests.ts';

const pages = new PagesForTests();

const CODE = '/api/auth/device/code';
const TOKEN = '/api/auth/device/token';
const CLIENT = { client_id: 'outkit-cli' };

function send(target: string, fields: Readonly<Record<string, string>> | string, headers: readonly Header[] = [FORM]) {
  const body = typeof fields === 'string' ? fields : new URLSearchParams(fields).toString();
  return exchange(pages.server.url, rawRequest({ method: 'POST', target, headers, body }));
}

function redeem(deviceCode: string) {
  return send(TOKEN, { grant_type: DEVICE_GRANT_TYPE, device_code: deviceCode, ...CLIENT });
}

function errorOf({ status, body }: RawAnswer): unknown[] {
  const error = JSON.parse(body) as Record<string, unknown>;
  expect(Object.keys(error)).toEqual(['error', 'error_description']);
  return [status, error['error']];
}

async function started(): Promise<{ device_code: string; user_code: string }> {
  return JSON.parse((await send(CODE, CLIENT)).body);
}

async function answered(userCode: string, isApproved: boolean): Promise<void> {
  const { people } = pages.server;
  const { credential } = await people.startSession(OWNER.email, { ip: '', agent: '' });
  const found = await people.accounts.findSession(credential);
  if (found === null) throw new Error('nobody is signed in');
  const who = { ...found, origin: { ip: '', agent: '' } };
  expect(await people.signIn.answerDevice(who, userCode.replace('-', ''), isApproved)).toBe('answered');
}

afterEach(() => void vi.useRealTimers());

describe('asking to be let in', () => {
  it('gives two codes and where to type the one; no address has the code in it', async () => {
    const headers: Header[] = [FORM, ['user-agent', 'outkit/0.1.0']];
    const answer = await send(CODE, CLIENT, headers);
    expect([answer.status, headerOf(answer, 'cache-control')]).toEqual([200, 'no-store']);
    expect(headerOf(answer, 'content-type')).toContain('application/json');
    const body = JSON.parse(answer.body) as Record<string, unknown>;
    expect(body).toEqual({
      device_code: expect.stringMatching(/^okdc_[\w-]{43}$/),
      user_code: expect.stringMatching(/^[A-Z]{4}-[A-Z]{4}$/),
      verification_uri: `${pages.server.publicUrl}/device`,
      expires_in: 600,
      interval: 5,
    });
    const found = await pages.server.people.accounts.devices.find(String(body['user_code']));
    expect(found).toMatchObject({ ip: '127.0.0.1', agent: 'outkit/0.1.0' });
  });

  it.each([
    ['no client', {}, 'invalid_request'],
    ['another client', { client_id: 'evil' }, 'invalid_client'],
    ['a field too many', { ...CLIENT, scope: 'admin' }, 'invalid_request'],
    ['a field twice', 'client_id=outkit-cli&client_id=outkit-cli', 'invalid_request'],
  ])('is refused with %s', async (_what, fields, error) => {
    expect(errorOf(await send(CODE, fields))).toEqual([400, error]);
    expect(await pages.server.people.countDevices()).toBe(0);
  });

  it('is limited', async () => {
    pages.server.people.limit = { retryAfterMs: 12_000 };
    const answer = await send(CODE, CLIENT);
    expect([errorOf(answer), headerOf(answer, 'retry-after')]).toEqual([[429, 'slow_down'], '12']);
  });
});

describe('asking for the answer', () => {
  it('waits, then gives the credential of the person once', async () => {
    await pages.server.addOwner();
    const { device_code: code, user_code: userCode } = await started();
    expect(errorOf(await redeem(code))).toEqual([400, 'authorization_pending']);
    await answered(userCode, true);
    expect(errorOf(await redeem(code))).toEqual([400, 'slow_down']);
    // Between two polls it is the clock of the machine that counts.
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 5_000 });
    const answer = await redeem(code);
    expect([answer.status, headerOf(answer, 'cache-control')]).toEqual([200, 'no-store']);
    const body = JSON.parse(answer.body) as { access_token: string };
    expect(body).toEqual({
      access_token: expect.stringMatching(/^okt_[\w-]{43}$/),
      token_type: 'Bearer',
      expires_in: 30 * 24 * 3600,
    });
    expect((await pages.server.people.accounts.findSession(body.access_token))?.person.email).toBe(OWNER.email);
    expect(errorOf(await redeem(code))).toEqual([400, 'invalid_grant']);
  });

  it('says that the program was sent away, or is not known', async () => {
    await pages.server.addOwner();
    const { device_code: code, user_code: userCode } = await started();
    await answered(userCode, false);
    expect(errorOf(await redeem(code))).toEqual([400, 'access_denied']);
    expect(errorOf(await redeem('made-up'))).toEqual([400, 'invalid_grant']);
  });

  it.each([
    ['another grant', { grant_type: 'password', device_code: 'x', ...CLIENT }, 'unsupported_grant_type'],
    ['no grant', { device_code: 'x', ...CLIENT }, 'invalid_request'],
    ['another client', { grant_type: DEVICE_GRANT_TYPE, device_code: 'x', client_id: 'y' }, 'invalid_client'],
    ['no code', { grant_type: DEVICE_GRANT_TYPE, ...CLIENT }, 'invalid_request'],
    ['an empty code', { grant_type: DEVICE_GRANT_TYPE, device_code: '', ...CLIENT }, 'invalid_request'],
    ['a long code', { grant_type: DEVICE_GRANT_TYPE, device_code: 'x'.repeat(257), ...CLIENT }, 'invalid_request'],
    ['a field too many', { grant_type: DEVICE_GRANT_TYPE, device_code: 'x', ...CLIENT, a: 'b' }, 'invalid_request'],
  ])('is refused with %s', async (_what, fields, error) => {
    expect(errorOf(await send(TOKEN, fields))).toEqual([400, error]);
  });

  it('is limited by slow_down', async () => {
    pages.server.people.limit = { retryAfterMs: 4001 };
    const answer = await redeem('x');
    expect([errorOf(answer), headerOf(answer, 'retry-after')]).toEqual([[429, 'slow_down'], '5']);
  });
});

describe('errors of these paths', () => {
  it.each(DEVICE_ENDPOINTS.map(({ path }) => path))('%s takes a form by POST only', async (path) => {
    for (const [type, body] of [
      ['application/json', JSON.stringify(CLIENT)],
      ['text/plain', 'client_id=outkit-cli'],
    ] as const) {
      expect(errorOf(await send(path, body, [['content-type', type]]))).toEqual([415, 'invalid_request']);
    }
    expect(errorOf(await send(path, '', []))).toEqual([415, 'invalid_request']);
    const get = await exchange(pages.server.url, rawRequest({ target: path }));
    expect([errorOf(get), headerOf(get, 'allow')]).toEqual([[405, 'invalid_request'], 'POST']);
  });

  it('are in words of the RFC for unknown paths too, and repeat nothing', async () => {
    const answer = await send('/api/auth/evil-word', 'evil=word');
    expect(errorOf(answer)).toEqual([404, 'invalid_request']);
    expect([headerOf(answer, 'cache-control'), answer.body.includes('evil')]).toEqual(['no-store', false]);
  });
});
