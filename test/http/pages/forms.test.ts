import { describe, expect, it } from 'vitest';
import { accountRoutes } from '../../../src/server/pages/account.ts';
import { deviceRoutes } from '../../../src/server/pages/device.ts';
import { invitationRoutes } from '../../../src/server/pages/invitation.ts';
import { resetRoutes } from '../../../src/server/pages/reset.ts';
import { setupRoutes } from '../../../src/server/pages/setup.ts';
import { signInRoutes } from '../../../src/server/pages/sign-in.ts';
import { browserOfOwner } from '../../pages/browser-of-owner.ts';
import { OWNER, PagesForTests } from '../../pages/pages-server.ts';
import { FORM, RawBrowser } from '../../raw-browser.ts';
import { exchange, headerOf, rawRequest } from '../raw-http.ts';

const pages = new PagesForTests();

const SIGN_IN = { next: '/', email: OWNER.email, password: OWNER.password };

async function atSignIn(): Promise<RawBrowser> {
  await pages.server.addOwner();
  const browser = new RawBrowser(pages.server);
  await browser.get('/sign-in');
  return browser;
}

async function signedIn(): Promise<RawBrowser> {
  await pages.server.addOwner();
  const browser = await browserOfOwner(pages.server);
  return browser;
}

const sessions = async () => (await pages.server.people.sessionsOf(OWNER.email)).length;

describe('a form that another site made the browser send', () => {
  it.each([
    ['another site', 'https://evil.example'],
    ['a hidden origin', 'null'],
    ['the same host on another port', 'http://127.0.0.1:1'],
  ])('from %s is 403, and signs nobody out', async (_what, origin) => {
    const browser = await signedIn();
    const answer = await browser.post('/sign-out', {}, { origin });
    expect(answer.status).toBe(403);
    expect(answer.body).toContain('<a class="button" href="/">');
    expect(answer.body).not.toContain('evil.example');
    expect(await sessions()).toBe(1);
  });

  it('is 403 before its body is read', async () => {
    const browser = await signedIn();
    const head = rawRequest({
      method: 'POST',
      target: '/sign-out',
      headers: [FORM, ['origin', 'https://evil.example'], ['content-length', '100'], ['expect', '100-continue']],
    });
    expect((await exchange(pages.server.url, head)).status).toBe(403);
    expect(browser.cookies.has('outkit')).toBe(true);
  });

  it('is 403 without origin and without the word of the browser that the page is ours', async () => {
    const browser = await signedIn();
    expect((await browser.post('/sign-out', {}, { origin: null })).status).toBe(403);
    const headers = [['sec-fetch-site', 'same-site']] as const;
    expect((await browser.post('/sign-out', {}, { origin: null, headers })).status).toBe(403);
    expect(await sessions()).toBe(1);
    const own = [['sec-fetch-site', 'same-origin']] as const;
    expect((await browser.post('/sign-out', {}, { origin: null, headers: own })).status).toBe(303);
    expect(await sessions()).toBe(0);
  });
});

describe('every form of every page', () => {
  const routes = [
    ...signInRoutes,
    ...resetRoutes,
    ...setupRoutes,
    ...invitationRoutes,
    ...accountRoutes,
    ...deviceRoutes,
  ];
  const posts = routes.filter(({ method }) => method === 'POST').map(({ path }) => path.replace(/:\w+/, 'x'));

  it.each(posts)('%s needs our origin and its token, signed in or not', async (path) => {
    const browser = await signedIn();
    const stranger = new RawBrowser(pages.server);
    await stranger.get('/sign-in');
    for (const sender of [browser, stranger, new RawBrowser(pages.server)]) {
      expect((await sender.post(path, {}, { origin: 'https://evil.example' })).status).toBe(403);
      expect((await sender.post(path, {}, { token: null })).status).toBe(403);
    }
    expect(await sessions()).toBe(1);
  });
});

describe('the form token', () => {
  it.each([
    ['none', null],
    ['an empty one', ''],
    ['a made up one', 'A'.repeat(43)],
  ])('%s is 403, with a way back', async (_what, token) => {
    const browser = await signedIn();
    const answer = await browser.post('/account/sessions/end-others', {}, { token });
    expect(answer.status).toBe(403);
    expect(answer.body).toContain('<a class="button" href="/">');
  });

  it('of another session is 403', async () => {
    const browser = await signedIn();
    const other = await browserOfOwner(pages.server);
    expect((await browser.post('/sign-out', {}, { token: other.token })).status).toBe(403);
    expect(await sessions()).toBe(2);
  });

  it('of another browser is 403 for a sign-in, so that nobody is signed in as somebody else', async () => {
    const browser = await atSignIn();
    const other = new RawBrowser(pages.server);
    await other.get('/sign-in');
    expect((await browser.post('/sign-in', SIGN_IN, { token: other.token })).status).toBe(403);
    other.cookies.clear();
    expect((await other.post('/sign-in', SIGN_IN)).status).toBe(403);
    expect(await sessions()).toBe(0);
  });

  it('from before the sign-in is 403 after it', async () => {
    const browser = await atSignIn();
    const { token } = browser;
    await browser.signIn(OWNER);
    expect((await browser.post('/sign-out', {}, { token })).status).toBe(403);
    expect(await sessions()).toBe(1);
  });
});

describe('a session cookie that is not exactly one', () => {
  it('twice is as good as none', async () => {
    const browser = await signedIn();
    const credential = browser.cookies.get('outkit');
    for (const headers of [
      [['cookie', `outkit=${credential}`]],
      [
        ['cookie', `outkit=${credential}`],
        ['cookie', 'outkit=planted'],
      ],
    ] as const) {
      const answer = await browser.get('/account', headers);
      expect([answer.status, headerOf(answer, 'location')]).toEqual([303, '/sign-in?next=%2Faccount']);
    }
  });

  it.each(['okt_short', `okt_${'x'.repeat(43)}`, "' OR 1=1 --"])('%s is nobody', async (value) => {
    await pages.server.addOwner();
    const browser = new RawBrowser(pages.server);
    browser.cookies.set('outkit', value);
    expect((await browser.get('/account')).status).toBe(303);
  });

  it('is nobody once the session was ended or has expired', async () => {
    const browser = await signedIn();
    const kept = new Map(browser.cookies);
    await browser.post('/sign-out', {});
    expect(browser.cookies.has('outkit')).toBe(false);
    const thief = new RawBrowser(pages.server);
    for (const [name, value] of kept) thief.cookies.set(name, value);
    expect((await thief.get('/account')).status).toBe(303);
    await browser.signIn(OWNER);
    pages.server.advance(30 * 24 * 3_600_000);
    expect((await browser.get('/account')).status).toBe(303);
  });
});

describe('a body that is no form', () => {
  it.each([
    ['application/json', '{"email":"x"}'],
    ['text/plain', 'email=x'],
    ['multipart/form-data; boundary=x', '--x--'],
    ['application/x-www-form-urlencoded; charset=utf-16', 'email=x'],
    ['application/x-www-form-urlencoded-2', 'email=x'],
    [null, 'email=x'],
    [null, ''],
  ])('%s is 415', async (type, body) => {
    const browser = await atSignIn();
    const answer = await browser.post('/sign-in', body, { type });
    expect([answer.status, headerOf(answer, 'content-type')]).toEqual([415, 'text/html; charset=utf-8']);
  });

  it('compressed is 415', async () => {
    const browser = await atSignIn();
    expect((await browser.post('/sign-in', SIGN_IN, { headers: [['content-encoding', 'gzip']] })).status).toBe(415);
  });

  it('over 16 KB is 413', async () => {
    const browser = await atSignIn();
    expect((await browser.post('/sign-in', `email=${'x'.repeat(16 * 1024)}`)).status).toBe(413);
  });
});

describe('fields that the form does not have', () => {
  it.each([
    ['one too many', { ...SIGN_IN, role: 'owner' }],
    ['an id', { ...SIGN_IN, person_id: 'person_2222222222222222' }],
    ['one too few', { next: '/', email: OWNER.email }],
  ])('%s: 400, and nobody is signed in', async (_what, fields) => {
    const browser = await atSignIn();
    expect((await browser.post('/sign-in', fields)).status).toBe(400);
    expect(await sessions()).toBe(0);
  });

  it('twice: 400', async () => {
    const browser = await atSignIn();
    const body = new URLSearchParams({ form_token: browser.token, ...SIGN_IN });
    for (const twice of ['&email=eve%40example.com', '&form_token=x', '&__proto__=x']) {
      expect((await browser.post('/sign-in', `${body}${twice}`)).status).toBe(400);
    }
    expect(await sessions()).toBe(0);
  });

  it('set up no role and no second team', async () => {
    const browser = new RawBrowser(pages.server);
    await browser.get(`/setup?token=${pages.server.people.setupToken}`);
    const account = { email: OWNER.email, name: 'Ada', password: OWNER.password, password_again: OWNER.password };
    const form = { token: pages.server.people.setupToken, ...account, team_name: 'Acme', role: 'owner' };
    expect((await browser.post('/setup', form)).status).toBe(400);
    expect(await pages.server.people.accounts.findPersonByEmail(OWNER.email)).toBeNull();
  });
});

describe('the way after signing in', () => {
  it.each(['/', '/home', '/keys', '/keys/key_2222222222222222', '/account', '/device', '/invitation/abc-_1'])(
    'may be %s',
    async (next) => {
      const browser = await atSignIn();
      const answer = await browser.post('/sign-in', { ...SIGN_IN, next });
      expect([answer.status, headerOf(answer, 'location')]).toEqual([303, next]);
    },
  );

  it.each([
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/account/../../evil',
    '/account?x=//evil.example',
    '/account\n',
    '/account\r\nset-cookie: a=b',
    '/invitation/',
    '/invitation/../device',
    '/invitation/a/b',
    '/sign-out',
    'javascript:alert(1)',
    '',
    ' /account',
  ])('is never %j', async (next) => {
    const browser = await atSignIn();
    const posted = await browser.post('/sign-in', { ...SIGN_IN, next });
    const opened = await browser.get(`/sign-in?${new URLSearchParams({ next })}`);
    for (const answer of [posted, opened]) {
      expect([answer.status, headerOf(answer, 'location')]).toEqual([400, null]);
      expect(answer.body).not.toContain('evil');
    }
    expect(await sessions()).toBe(0);
  });
});
