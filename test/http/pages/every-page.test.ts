import { describe, expect, it } from 'vitest';
import { browserOfOwner } from '../../pages/browser-of-owner.ts';
import { OWNER, PagesForTests, PagesServer } from '../../pages/pages-server.ts';
import { RawBrowser } from '../../raw-browser.ts';
import { exchange, headerOf, type RawAnswer, RawConnection, rawRequest } from '../raw-http.ts';
import { codeOf } from '../server-for-tests.ts';

const pages = new PagesForTests();

const POLICY =
  "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

function expectGuarded(answer: RawAnswer): void {
  expect(headerOf(answer, 'content-security-policy')).toBe(POLICY);
  expect(headerOf(answer, 'x-frame-options')).toBe('DENY');
  expect(headerOf(answer, 'x-content-type-options')).toBe('nosniff');
  expect(headerOf(answer, 'referrer-policy')).toBe('same-origin');
  expect(headerOf(answer, 'cross-origin-opener-policy')).toBe('same-origin');
  expect(headerOf(answer, 'cache-control')).toBe('no-store');
  expect(headerOf(answer, 'x-request-id')).toMatch(/^req_/);
  expect(answer.body).not.toMatch(/<script|javascript:|\son\w+=|style="/i);
}

describe('every answer to a browser', () => {
  it.each([
    ['/', 303],
    ['/home', 303],
    ['/keys', 303],
    ['/keys/key_2222222222222222', 303],
    ['/sign-in', 200],
    ['/sign-in?next=%2Fdevice', 200],
    ['/sign-in?next=https%3A%2F%2Fevil.example', 400],
    ['/sign-in?next=%2F&next=%2Faccount', 400],
    ['/sign-in?other=1', 400],
    ['/forgot', 200],
    ['/reset', 404],
    ['/reset?token=x', 404],
    ['/account', 303],
    ['/device', 303],
    ['/device/request/x', 303],
    ['/device/result', 303],
    ['/setup?token=x', 410],
    ['/invitation/x', 410],
    ['/invitation/a.b', 404],
    ['/sign-out', 405],
    ['/account/password', 405],
    ['/assets/outkit-0000000000000000.css', 404],
  ])('%s is not kept, framed or scripted', async (target, status) => {
    await pages.server.addOwner();
    const answer = await new RawBrowser(pages.server).get(target);
    expect(answer.status).toBe(status);
    if (!target.startsWith('/assets/')) expectGuarded(answer);
  });

  it('is guarded for somebody signed in as well', async () => {
    await pages.server.addOwner();
    const browser = await browserOfOwner(pages.server);
    for (const target of ['/home', '/account', '/device']) {
      const answer = await browser.get(target);
      expect([target, answer.status]).toEqual([target, 200]);
      expectGuarded(answer);
      expect(answer.body).toContain(OWNER.name);
    }
  });

  it('has no credential of a session anywhere but in its cookie', async () => {
    await pages.server.addOwner();
    const browser = await browserOfOwner(pages.server);
    const credential = browser.cookies.get('outkit') ?? '';
    expect((await pages.server.people.accounts.findSession(credential))?.person.email).toBe(OWNER.email);
    for (const target of ['/home', '/account', '/device']) {
      const { body, headers } = await browser.get(target);
      expect(JSON.stringify([body, headers])).not.toContain(credential);
    }
  });

  it('keeps to https once it came by https', async () => {
    const server = await PagesServer.start({ publicUrl: 'https://keys.example.com' });
    await server.addOwner();
    const browser = new RawBrowser(server);
    const answer = await browser.get('/sign-in');
    expect(headerOf(answer, 'strict-transport-security')).toBe('max-age=31536000');
    expect(headerOf(answer, 'set-cookie')).toMatch(
      /^__Host-outkit-browser=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Secure$/,
    );
    await browser.signIn(OWNER);
    expect([...browser.cookies.keys()]).toEqual(['__Host-outkit-browser', '__Host-outkit']);
    await server.stop();
  });
});

describe('the stylesheet', () => {
  it('is named by what is in it, and kept for a year', async () => {
    await pages.server.addOwner();
    const browser = new RawBrowser(pages.server);
    const { body } = await browser.get('/sign-in');
    const [, path = ''] = /href="(\/assets\/outkit-[0-9a-f]{16}\.css)"/.exec(body) ?? [];
    const answer = await browser.get(path);
    expect(answer.status).toBe(200);
    expect(headerOf(answer, 'content-type')).toBe('text/css; charset=utf-8');
    expect(headerOf(answer, 'cache-control')).toBe('public, max-age=31536000, immutable');
    expect(headerOf(answer, 'x-content-type-options')).toBe('nosniff');
    expect(answer.body).not.toMatch(/url\(|@import/);
  });
});

describe('errors', () => {
  it('of pages are pages, with a way on, and say nothing of what was sent', async () => {
    const browser = new RawBrowser(pages.server);
    const answer = await browser.get('/sign-in?next=evil-word');
    expect(answer.status).toBe(400);
    expect(headerOf(answer, 'content-type')).toBe('text/html; charset=utf-8');
    expect(answer.body).toContain('<a class="button" href="/">');
    expect(answer.body).not.toContain('evil-word');
  });

  it('name the methods of a page', async () => {
    const browser = new RawBrowser(pages.server);
    expect(headerOf(await browser.get('/sign-out'), 'allow')).toBe('POST');
    const put = await exchange(pages.server.url, rawRequest({ method: 'PUT', target: '/account' }));
    expect([put.status, headerOf(put, 'allow')]).toEqual([405, 'GET, HEAD']);
    expectGuarded(put);
  });

  it('of paths that cannot be decoded are pages under a page, and JSON elsewhere', async () => {
    const browser = new RawBrowser(pages.server);
    expect((await browser.get('/invitation/%zz')).body).toContain('<!doctype html>');
    expect(codeOf(await browser.get('/else/%zz'))).toBe('bad_request');
  });

  it('of other paths stay as they are', async () => {
    const browser = new RawBrowser(pages.server);
    expect(codeOf(await browser.get('/nothing-here'))).toBe('not_found');
    expect(headerOf(await browser.get('/v1/nothing'), 'content-type')).toContain('application/problem+json');
    const wrongHost = await exchange(pages.server.url, rawRequest({ target: '/nothing', host: 'evil.example' }));
    expect([wrongHost.status, codeOf(wrongHost)]).toEqual([421, 'misdirected_host']);
  });

  it('of a foreign host name are pages that lead nowhere else', async () => {
    const answer = await exchange(pages.server.url, rawRequest({ target: '/sign-in', host: 'evil.example' }));
    expect(answer.status).toBe(421);
    expectGuarded(answer);
    expect(headerOf(answer, 'location')).toBeNull();
    expect(answer.body).not.toContain('evil.example');
  });

  it('answers HEAD as GET, without a body', async () => {
    await pages.server.addOwner();
    const connection = await RawConnection.open(pages.server.url);
    connection.send(rawRequest({ method: 'HEAD', target: '/sign-in' }));
    const answer = await connection.answer(true);
    expect(answer.status).toBe(200);
    expectGuarded(answer);
    connection.close();
  });
});

describe('a server that nobody owns', () => {
  it('says how to find the setup link, from every page that needs an account', async () => {
    const browser = new RawBrowser(pages.server);
    const first = await browser.get('/');
    expect([first.status, first.body.includes('/setup?token=')]).toEqual([200, true]);
    expect(first.body).not.toContain(pages.server.people.setupToken);
    expect(headerOf(await browser.get('/sign-in?next=%2Fdevice'), 'location')).toBe('/');
  });
});
