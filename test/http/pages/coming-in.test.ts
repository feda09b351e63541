import { describe, expect, it } from 'vitest';
import { INVITATION_LIFE_MS } from '../../../src/core/membership.ts';
import { browserOfOwner } from '../../pages/browser-of-owner.ts';
import { OWNER, PagesForTests } from '../../pages/pages-server.ts';
import { RawBrowser } from '../../raw-browser.ts';
import { headerOf, type RawAnswer } from '../raw-http.ts';

const pages = new PagesForTests();

const NEW = { name: 'Grace Hopper', password: 'one two three four', password_again: 'one two three four' };

const locationOf = (answer: RawAnswer) => [answer.status, headerOf(answer, 'location')];

const isSomebody = async (email: string) => (await pages.server.people.accounts.findPersonByEmail(email)) !== null;

async function opened(target: string): Promise<RawBrowser> {
  const browser = new RawBrowser(pages.server);
  await browser.get(target);
  return browser;
}

describe('signing in', () => {
  it('says the same for a wrong password and for an address that nobody has, and forgets the password', async () => {
    await pages.server.addOwner();
    const browser = await opened('/sign-in');
    const bodies: string[] = [];
    for (const email of [OWNER.email, 'who@example.com']) {
      const answer = await browser.post('/sign-in', { next: '/device', email, password: 'my wrong password' });
      expect(answer.status).toBe(401);
      expect(answer.body).toContain(`value="${email}"`);
      expect(answer.body).toContain('name="next" value="/device"');
      expect(answer.body).not.toContain('my wrong password');
      bodies.push(answer.body.replaceAll(email, ''));
    }
    expect(bodies[0]).toBe(bodies[1]);
  });

  it('shows an address that is none again, with the rule at the field', async () => {
    await pages.server.addOwner();
    const browser = await opened('/sign-in');
    const answer = await browser.post('/sign-in', { next: '/', email: 'ada at home', password: 'x' });
    expect(answer.status).toBe(400);
    expect(answer.body).toContain('value="ada at home"');
    expect(answer.body).toContain('aria-invalid="true"');
    expect(answer.body).toContain('This must be an e-mail address.');
    expect(answer.body).toContain('<title>Problem: Sign in');
  });

  it('says in words and in a header when it may be tried again', async () => {
    await pages.server.addOwner();
    const browser = await opened('/sign-in');
    pages.server.people.limit = { retryAfterMs: 90_500 };
    const answer = await browser.post('/sign-in', { next: '/', email: OWNER.email, password: OWNER.password });
    expect([answer.status, headerOf(answer, 'retry-after')]).toEqual([429, '91']);
    expect(answer.body).toContain('Try again in 2 minutes.');
    expect(answer.body).not.toContain(OWNER.password);
  });

  it('limits links as well: 429 is a page', async () => {
    pages.server.people.limit = { retryAfterMs: 5000 };
    const answer = await new RawBrowser(pages.server).get('/invitation/abc');
    expect([answer.status, headerOf(answer, 'retry-after')]).toEqual([429, '5']);
    expect(answer.body).toContain('Try again in 5 seconds.');
  });

  it('leads those who are signed in on at once', async () => {
    await pages.server.addOwner();
    const browser = await browserOfOwner(pages.server);
    expect(locationOf(await browser.get('/sign-in?next=%2Fdevice'))).toEqual([303, '/device']);
  });
});

describe('setting up', () => {
  const account = { email: 'Ada@Example.com', name: 'Ada', password: OWNER.password, password_again: OWNER.password };

  it('makes the owner once, and is over then', async () => {
    const { people } = pages.server;
    const browser = await opened(`/setup?token=${people.setupToken}`);
    const form = { token: people.setupToken, ...account, team_name: 'Acme' };
    expect(locationOf(await browser.post('/setup', form))).toEqual([303, '/']);
    expect((await browser.get('/home')).body).toContain('ada@example.com');
    expect(await people.teamsOf('ada@example.com')).toEqual([['Acme', 'owner']]);
    const second = await opened(`/setup?token=${people.setupToken}`);
    expect((await second.get(`/setup?token=${people.setupToken}`)).status).toBe(410);
    await second.get('/sign-in');
    const other = { ...form, email: 'eve@example.com' };
    expect((await second.post('/setup', other)).status).toBe(410);
    expect(await isSomebody('eve@example.com')).toBe(false);
  });

  it('refuses another token with what was typed still there', async () => {
    const browser = await opened('/setup?token=wrong');
    const answer = await browser.post('/setup', { token: 'wrong', ...account, team_name: 'Acme' });
    expect(answer.status).toBe(401);
    expect(answer.body).toContain('value="Acme"');
    expect(answer.body).not.toContain(OWNER.password);
    expect(await isSomebody('ada@example.com')).toBe(false);
  });

  it.each([
    ['password', { password: 'short', password_again: 'short' }, 'must have 10 to 128 characters'],
    ['password_again', { password_again: 'something else' }, 'must be the same as the password above'],
    ['name', { name: '\u202eevil' }, 'without control or direction characters'],
    ['team_name', { team_name: ' ' }, 'must be 1 to 64 characters'],
    ['email', { email: 'no' }, 'must be an e-mail address'],
  ])('says what is wrong with %s', async (field, wrong, rule) => {
    const browser = await opened('/setup?token=x');
    const answer = await browser.post('/setup', { token: 'x', ...account, team_name: 'Acme', ...wrong });
    expect(answer.status).toBe(400);
    expect(new RegExp(`id="${field}_problem">([^<]*)`).exec(answer.body)?.[1]).toContain(rule);
    expect(await isSomebody('ada@example.com')).toBe(false);
  });

  it.each(['/setup', '/setup?token=', '/setup?token=a%20b', '/setup?other=1'])(
    '%s is no setup link',
    async (target) => {
      expect((await new RawBrowser(pages.server).get(target)).status).toBe(404);
    },
  );
});

describe('an invitation', () => {
  it('shows what it is for, and makes the account of its address, once', async () => {
    await pages.server.addOwner();
    const token = await pages.server.people.invite('grace@example.com', 'admin', 'Acme & Sons');
    const browser = new RawBrowser(pages.server);
    const shown = await browser.get(`/invitation/${token}`);
    for (const text of ['Acme &amp; Sons', 'grace@example.com', 'an admin', '7 Feb 2026, 12:00 UTC']) {
      expect(shown.body).toContain(text);
    }
    expect(locationOf(await browser.post(`/invitation/${token}`, NEW))).toEqual([303, '/']);
    expect((await browser.get('/home')).body).toContain('grace@example.com');
    expect((await new RawBrowser(pages.server).get(`/invitation/${token}`)).status).toBe(410);
  });

  it('takes no address and no role from the form', async () => {
    await pages.server.addOwner();
    const token = await pages.server.people.invite('grace@example.com', 'member');
    for (const more of [{ email: 'eve@example.com' }, { role: 'owner' }]) {
      const browser = await opened(`/invitation/${token}`);
      expect((await browser.post(`/invitation/${token}`, { ...NEW, ...more })).status).toBe(400);
    }
    expect(await Promise.all(['eve@example.com', 'grace@example.com'].map(isSomebody))).toEqual([false, false]);
  });

  it('of somebody with an account leads to signing in and back, then joins', async () => {
    await pages.server.addOwner();
    const token = await pages.server.people.invite(OWNER.email, 'member', 'Second');
    const browser = new RawBrowser(pages.server);
    const next = `/invitation/${token}`;
    expect((await browser.get(next)).body).toContain(`href="/sign-in?next=${encodeURIComponent(next)}"`);
    await browser.get(`/sign-in?${new URLSearchParams({ next })}`);
    const entered = await browser.post('/sign-in', { next, email: OWNER.email, password: OWNER.password });
    expect(locationOf(entered)).toEqual([303, next]);
    expect((await browser.get(next)).body).toContain('>Join</button>');
    const joined = await browser.post(`${next}/join`, {});
    expect(joined.status).toBe(303);
    expect((await browser.get(headerOf(joined, 'location') ?? '')).body).toMatch(/You are in\.[\s\S]*Second/);
  });

  it('of somebody else is not accepted by whoever is signed in', async () => {
    await pages.server.addOwner();
    const token = await pages.server.people.invite('grace@example.com', 'owner');
    const browser = await browserOfOwner(pages.server);
    expect((await browser.get(`/invitation/${token}`)).body).toContain('for another address');
    expect(locationOf(await browser.post(`/invitation/${token}/join`, {}))).toEqual([303, `/invitation/${token}`]);
    expect(await pages.server.people.signIn.findInvitation(token, { ip: '', agent: '' })).toMatchObject({
      role: 'owner',
    });
    const out = await browser.post('/sign-out', { next: `/invitation/${token}` });
    expect(locationOf(out)).toEqual([303, `/invitation/${token}`]);
  });

  it('that is too old is 410 when it is opened and when its form is sent', async () => {
    await pages.server.addOwner();
    const token = await pages.server.people.invite('grace@example.com', 'admin');
    const browser = await opened(`/invitation/${token}`);
    pages.server.advance(INVITATION_LIFE_MS);
    const late = await browser.post(`/invitation/${token}`, NEW);
    expect([late.status, late.body.includes('Ask whoever sent it')]).toEqual([410, true]);
    expect((await browser.get(`/invitation/${token}`)).status).toBe(410);
  });
});

describe('the first page', () => {
  const COMMANDS = /<code>(outkit [a-z ]+)/g;

  it.each([
    ['owner', 'outkit init'],
    ['admin', 'outkit init'],
    ['member', 'outkit keys list'],
  ] as const)('shows an %s the commands that work in that role', async (role, command) => {
    await pages.server.addOwner();
    const browser = new RawBrowser(pages.server);
    if (role === 'owner') {
      await browser.get('/sign-in');
      await browser.post('/sign-in', { next: '/', email: OWNER.email, password: OWNER.password });
    } else {
      const path = `/invitation/${await pages.server.people.invite('grace@example.com', role)}`;
      await browser.get(path);
      await browser.post(path, NEW);
    }
    const { body } = await browser.get('/home');
    expect([...body.matchAll(COMMANDS)].map(([, line]) => line?.trim())).toEqual(['outkit login', command]);
  });
});

describe('an address that is none', () => {
  const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
  const get = (path: string, accept: string) => fetch(`${pages.server.url}${path}`, { headers: { accept } });

  it('is a page with a way back for a browser', async () => {
    const answer = await get('/login', BROWSER);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8']);
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await answer.text()).toContain('There is no such page');
  });

  it.each([
    ['/login', '*/*'],
    ['/login', 'application/json'],
    ['/v1/nothing', BROWSER],
  ])('%s stays JSON for programs (accept %s)', async (path, accept) => {
    const answer = await get(path, accept);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([404, expect.stringContaining('json')]);
  });
});
