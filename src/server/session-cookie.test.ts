import { describe, expect, it } from 'vitest';
import { isSameOrigin, sessionCookie } from './session-cookie.ts';

const CREDENTIAL = `okt_${'a'.repeat(43)}`;
const OTHER = `okt_${'b'.repeat(43)}`;
const HTTPS = 'https://keys.example.com';
const LOOPBACK = 'http://127.0.0.1:4680';

type Request = Parameters<typeof isSameOrigin>[0];

/** A request with these raw headers, name and value in turn. */
function sent(...rawHeaders: string[]): Request {
  return { raw: { rawHeaders } } as Request;
}

describe('the session cookie', () => {
  it('is bound to its host and to https, or has a plain name on the loopback', () => {
    expect(sessionCookie(HTTPS).set(CREDENTIAL)).toBe(
      `__Host-outkit=${CREDENTIAL}; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=2592000`,
    );
    expect(sessionCookie(LOOPBACK).set(CREDENTIAL)).toBe(
      `outkit=${CREDENTIAL}; Path=/; HttpOnly; SameSite=Lax; Max-Age=2592000`,
    );
    expect(sessionCookie(LOOPBACK).clear()).toBe('outkit=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0');
  });

  it.each([
    [`outkit=${CREDENTIAL}`],
    [`a=b; outkit=${CREDENTIAL}`],
    [`outkit=${CREDENTIAL};a="x;y"`],
    [`Outkit=${OTHER};outkit=${CREDENTIAL}`],
    [`xoutkit=${OTHER};  outkit=${CREDENTIAL}  ; outkit2=${OTHER}`],
  ])('is read from %j', (header) => {
    expect(sessionCookie(LOOPBACK).read(sent('Cookie', header))).toBe(CREDENTIAL);
  });

  it.each([
    ['none', []],
    ['another cookie', ['Cookie', 'a=b']],
    ['two of them', ['Cookie', `outkit=${CREDENTIAL}; outkit=${OTHER}`]],
    ['the same one twice', ['Cookie', `outkit=${CREDENTIAL}; outkit=${CREDENTIAL}`]],
    ['an empty one and a good one', ['Cookie', `outkit=; outkit=${CREDENTIAL}`]],
    ['one without a value and a good one', ['Cookie', `outkit; outkit=${CREDENTIAL}`]],
    ['one in each of two headers', ['Cookie', `outkit=${CREDENTIAL}`, 'cookie', `outkit=${OTHER}`]],
    ['a value in quotes', ['Cookie', `outkit="${CREDENTIAL}"`]],
    ['a longer value', ['Cookie', `outkit=${CREDENTIAL}=`]],
    ['the name of https', ['Cookie', `__Host-outkit=${CREDENTIAL}`]],
  ])('is not there with %s', (_what, rawHeaders) => {
    expect(sessionCookie(LOOPBACK).read(sent(...rawHeaders))).toBeNull();
  });

  it('under https is not the one that plain http could have planted', () => {
    expect(sessionCookie(HTTPS).read(sent('Cookie', `outkit=${CREDENTIAL}`))).toBeNull();
    expect(sessionCookie(HTTPS).read(sent('Cookie', `__Host-outkit=${CREDENTIAL}`))).toBe(CREDENTIAL);
  });
});

describe('isSameOrigin', () => {
  it.each([
    ['our origin', ['Origin', HTTPS]],
    ['our origin, whatever else is said', ['Origin', HTTPS, 'Sec-Fetch-Site', 'cross-site']],
    ['no origin from a page of ours', ['Sec-Fetch-Site', 'same-origin']],
  ])('is true for %s', (_what, rawHeaders) => {
    expect(isSameOrigin(sent(...rawHeaders), HTTPS)).toBe(true);
  });

  it.each([
    ['nothing', []],
    ['another site', ['Origin', 'https://evil.example']],
    ['a hidden origin', ['Origin', 'null']],
    ['a hidden origin that says it is ours', ['Origin', 'null', 'Sec-Fetch-Site', 'same-origin']],
    ['an empty origin', ['Origin', '', 'Sec-Fetch-Site', 'same-origin']],
    ['two origins', ['Origin', HTTPS, 'origin', HTTPS]],
    ['plain http', ['Origin', 'http://keys.example.com']],
    ['another port', ['Origin', `${HTTPS}:8443`]],
    ['a host that begins like ours', ['Origin', `${HTTPS}.evil.example`]],
    ['a path', ['Origin', `${HTTPS}/`]],
    ['a neighbour', ['Sec-Fetch-Site', 'same-site']],
    ['another site without origin', ['Sec-Fetch-Site', 'cross-site']],
    ['a typed address', ['Sec-Fetch-Site', 'none']],
    ['two sites', ['Sec-Fetch-Site', 'same-origin', 'Sec-Fetch-Site', 'same-origin']],
  ])('is false for %s', (_what, rawHeaders) => {
    expect(isSameOrigin(sent(...rawHeaders), HTTPS)).toBe(false);
  });
});
