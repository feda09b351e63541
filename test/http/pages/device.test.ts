import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '../../../src/core/clock.ts';
import { browserOfOwner } from '../../pages/browser-of-owner.ts';
import { PagesForTests } from '../../pages/pages-server.ts';
import { RawBrowser } from '../../raw-browser.ts';
import { headerOf, type RawAnswer } from '../raw-http.ts';

const pages = new PagesForTests();

const LOOPBACK = { ip: '127.0.0.1', agent: 'outkit/0.1.0 (linux)' };

const asked = (origin = LOOPBACK) => pages.server.people.signIn.requestDevice(origin);
const stateOf = async (code: string) => (await pages.server.people.accounts.devices.find(code))?.status;
const locationOf = (answer: RawAnswer) => headerOf(answer, 'location') ?? '';

async function atDevice(): Promise<RawBrowser> {
  await pages.server.addOwner();
  const browser = await browserOfOwner(pages.server);
  await browser.get('/device');
  return browser;
}

/** Types a code and opens the question; resolves to its address and its page. */
async function question(browser: RawBrowser, code: string): Promise<{ path: string; body: string }> {
  const found = await browser.post('/device', { user_code: code });
  expect(found.status).toBe(303);
  const path = locationOf(found);
  const { status, body } = await browser.get(path);
  expect(status).toBe(200);
  return { path, body };
}

describe('the code', () => {
  it('is typed in any case, with dashes and spaces or without', async () => {
    const browser = await atDevice();
    const { userCode } = await asked();
    const halves = [userCode.slice(0, 4), userCode.slice(4)];
    const typings = [userCode.toLowerCase(), halves.join('-'), halves.join(' '), ` ${halves.join('\u2013')} `];
    for (const typed of typings) expect((await question(browser, typed)).body).toContain(halves.join('-'));
  });

  it('is never taken from a link, nor is the form filled by one', async () => {
    const browser = await atDevice();
    const { userCode } = await asked();
    for (const target of [`/device?user_code=${userCode}`, `/device?code=${userCode}`]) {
      const { status, body } = await browser.get(target);
      expect([status, body.includes(userCode)]).toEqual([200, false]);
    }
    expect((await browser.get(`/device/request/${userCode}`)).status).toBe(410);
    expect(await stateOf(userCode)).toBe('pending');
  });

  it.each(['', 'BCDF', 'BCDFGHJKL', '1234-5678', '<img>'])('%j is told to be no code', async (typed) => {
    const browser = await atDevice();
    const answer = await browser.post('/device', { user_code: typed });
    expect([answer.status, answer.body.includes('This must be 8 letters')]).toEqual([400, true]);
  });

  it('that nobody waits with is 404 on the same form, and too many tries are 429', async () => {
    const browser = await atDevice();
    const unknown = await browser.post('/device', { user_code: 'BCDF-GHJK' });
    expect([unknown.status, unknown.body.includes('value="BCDF-GHJK"')]).toEqual([404, true]);
    pages.server.people.limit = { retryAfterMs: 30_000 };
    const limited = await browser.post('/device', { user_code: 'BCDF-GHJK' });
    expect([limited.status, headerOf(limited, 'retry-after')]).toEqual([429, '30']);
  });

  it('is asked for after signing in', async () => {
    await pages.server.addOwner();
    const answer = await new RawBrowser(pages.server).get('/device');
    expect([answer.status, locationOf(answer)]).toEqual([303, '/sign-in?next=%2Fdevice']);
  });
});

describe('the question', () => {
  it('says who asks, from where, since when and until when, and looks the code up once only', async () => {
    const browser = await atDevice();
    const { userCode } = await asked();
    pages.server.advance(3 * MINUTE_MS);
    const { path, body } = await question(browser, userCode);
    for (const text of ['outkit/0.1.0 (linux)', '127.0.0.1', '3 minutes ago', '12:10 UTC'])
      expect(body).toContain(text);
    expect(body).not.toContain('another address');
    // A code can be looked up five times.
    for (let count = 0; count < 6; count++) expect((await browser.get(path)).status).toBe(200);
    expect(await stateOf(userCode)).toBe('pending');
  });

  it('warns when the program is at another address than the browser', async () => {
    const browser = await atDevice();
    const { userCode } = await asked({ ip: '203.0.113.7', agent: 'outkit' });
    expect((await question(browser, userCode)).body).toContain('It asks from another address than this browser.');
    const { userCode: near } = await asked({ ip: '::1', agent: 'outkit' });
    expect((await question(browser, near)).body).not.toContain('another address');
  });

  it.each([
    ['let_in', 'approved', 'It is in'],
    ['send_away', 'denied', 'Sent away'],
  ])('answered by %s is %s, once', async (decision, status, title) => {
    const browser = await atDevice();
    const { userCode } = await asked();
    const { path } = await question(browser, userCode);
    const answer = await browser.post(path, { decision });
    expect(answer.status).toBe(303);
    expect((await browser.get(locationOf(answer))).body).toContain(title);
    expect(await stateOf(userCode)).toBe(status);
    expect((await browser.post(path, { decision })).status).toBe(410);
  });

  it('is answered by nothing but its two buttons', async () => {
    const browser = await atDevice();
    const { userCode } = await asked();
    const { path } = await question(browser, userCode);
    for (const fields of [{}, { decision: 'yes' }, { decision: 'let_in', user_code: 'BCDFGHJK' }]) {
      expect((await browser.post(path, fields)).status).toBe(400);
    }
    expect((await browser.post(path, { decision: 'let_in' }, { origin: 'https://evil.example' })).status).toBe(403);
    expect((await browser.post(path, { decision: 'let_in' }, { token: null })).status).toBe(403);
    expect(await stateOf(userCode)).toBe('pending');
  });

  it('of one person is closed to another: its address lets nobody in elsewhere', async () => {
    const browser = await atDevice();
    const { userCode } = await asked();
    const { path } = await question(browser, userCode);
    const other = await browserOfOwner(pages.server);
    expect((await other.get(path)).status).toBe(410);
    expect((await other.post(path, { decision: 'let_in' })).status).toBe(410);
    expect(await stateOf(userCode)).toBe('pending');
  });

  it('is 410 when the code has expired', async () => {
    const browser = await atDevice();
    const { userCode } = await asked();
    pages.server.advance(9 * MINUTE_MS);
    const { path } = await question(browser, userCode);
    pages.server.advance(MINUTE_MS);
    expect((await browser.get(path)).status).toBe(410);
    expect((await browser.post(path, { decision: 'let_in' })).status).toBe(410);
    pages.server.advance(-MINUTE_MS);
    expect(await stateOf(userCode)).toBe('pending');
  });

  it('has a result that no link can claim', async () => {
    const browser = await atDevice();
    expect(locationOf(await browser.get('/device/result?notice=let_in'))).toBe('/device');
  });
});
