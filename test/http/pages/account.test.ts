import { describe, expect, it } from 'vitest';
import { browserOfOwner } from '../../pages/browser-of-owner.ts';
import { OWNER, PagesForTests } from '../../pages/pages-server.ts';
import type { RawBrowser } from '../../raw-browser.ts';
import { headerOf } from '../raw-http.ts';

const pages = new PagesForTests();

const ELSEWHERE = { ip: '203.0.113.7', agent: 'outkit/0.1.0' };
const CHANGE = {
  current_password: OWNER.password,
  password: 'a better pass phrase',
  password_again: 'a better pass phrase',
};

async function atAccount(): Promise<RawBrowser> {
  await pages.server.addOwner();
  const browser = await browserOfOwner(pages.server);
  await browser.get('/account');
  return browser;
}

const ids = async () => (await pages.server.people.sessionsOf(OWNER.email)).map(({ id }) => id);
const isPassword = async (password: string) =>
  (await pages.server.people.accounts.checkPassword(OWNER.email, password)) !== null;

/** Sends the form and opens the page that it leads to. */
async function afterwards(browser: RawBrowser, target: string, fields: Readonly<Record<string, string>>) {
  const answer = await browser.post(target, fields);
  expect(answer.status).toBe(303);
  return browser.get(headerOf(answer, 'location') ?? '');
}

describe('the sessions of an account', () => {
  it('are listed with address, program and times, this one first, and end one by one', async () => {
    const browser = await atAccount();
    const { session } = await pages.server.people.startSession(OWNER.email, ELSEWHERE);
    pages.server.advance(7_200_000);
    const { body } = await browser.get('/account');
    expect(body.indexOf('this browser')).toBeLessThan(body.indexOf('203.0.113.7'));
    for (const text of ['outkit/0.1.0', 'last used 2 hours ago', '31 Jan 2026, 12:00 UTC'])
      expect(body).toContain(text);
    const shown = await afterwards(browser, '/account/sessions/end', { session: session.id });
    expect(shown.body).toContain('That session has ended.');
    expect(await ids()).not.toContain(session.id);
    expect((await ids()).length).toBe(1);
  });

  it('of other people are out of reach', async () => {
    const browser = await atAccount();
    await pages.server.people.addAccount('grace@example.com', 'Grace', null);
    const { session } = await pages.server.people.startSession('grace@example.com', ELSEWHERE);
    expect((await browser.get('/account')).body).not.toContain('203.0.113.7');
    await browser.post('/account/sessions/end', { session: session.id });
    const kept = await pages.server.people.sessionsOf('grace@example.com');
    expect(kept.map(({ id }) => id)).toEqual([session.id]);
  });

  it('all end but this one', async () => {
    const browser = await atAccount();
    const [own] = await ids();
    for (let count = 0; count < 3; count++) await pages.server.people.startSession(OWNER.email, ELSEWHERE);
    const shown = await afterwards(browser, '/account/sessions/end-others', {});
    expect(shown.body).toContain('You are signed out everywhere else.');
    expect(await ids()).toEqual([own]);
  });
});

describe('a new password', () => {
  it('needs the current one, and ends all other sessions', async () => {
    const browser = await atAccount();
    await pages.server.people.startSession(OWNER.email, ELSEWHERE);
    const wrong = await browser.post('/account/password', { ...CHANGE, current_password: 'not my password' });
    expect([wrong.status, wrong.body.includes('This is not your current password.')]).toEqual([401, true]);
    expect(wrong.body).not.toMatch(/not my password|a better pass phrase/);
    expect((await ids()).length).toBe(2);
    const shown = await afterwards(browser, '/account/password', CHANGE);
    expect(shown.body).toContain('Your password is changed');
    expect((await ids()).length).toBe(1);
    expect(await isPassword(CHANGE.password)).toBe(true);
  });

  it.each([
    ['too short', { password: 'short', password_again: 'short' }, 400],
    ['another one the second time', { password_again: 'a better pass phrasf' }, 400],
  ])('is refused when it is %s', async (_what, change, status) => {
    const browser = await atAccount();
    expect((await browser.post('/account/password', { ...CHANGE, ...change })).status).toBe(status);
    expect(await isPassword(OWNER.password)).toBe(true);
  });

  it('is limited: 429 in words', async () => {
    const browser = await atAccount();
    pages.server.people.limit = { retryAfterMs: 60_000 };
    const answer = await browser.post('/account/password', CHANGE);
    expect([answer.status, headerOf(answer, 'retry-after')]).toEqual([429, '60']);
    expect(answer.body).toContain('Try again in 60 seconds.');
  });
});

describe('what a page tells once', () => {
  it('cannot be told by a link of somebody else', async () => {
    const browser = await atAccount();
    const done = await browser.post('/account/sessions/end-others', {});
    const [, notice = ''] = /notice=(.+)$/.exec(headerOf(done, 'location') ?? '') ?? [];
    const other = await browserOfOwner(pages.server);
    for (const query of [`notice=${notice}`, 'notice=others_ended', 'notice=']) {
      expect((await other.get(`/account?${query}`)).body).not.toContain('signed out everywhere else.</p>\n<h1>');
      expect((await other.get(`/account?${query}`)).body).not.toContain('role="status"');
    }
    expect((await browser.get(`/account?notice=${notice}`)).body).toContain('role="status"');
  });
});
