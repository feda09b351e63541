import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '../../../src/core/clock.ts';
import { OutkitError } from '../../../src/core/errors.ts';
import type { ProvidedIdentity } from '../../../src/core/sign-in-service.ts';
import { OWNER, PagesForTests, PagesServer } from '../../pages/pages-server.ts';
import { RawBrowser } from '../../raw-browser.ts';
import { headerOf } from '../raw-http.ts';

const ISSUER = 'https://id.example.com';
const CALLBACK = '/sign-in/oidc/callback?code=abc&state=state-1';

const identityOf = (email: string, isEmailVerified = true): ProvidedIdentity => ({
  issuer: ISSUER,
  subject: 'subject',
  email,
  isEmailVerified,
});

/** What the provider answers next, and what it was asked. */
let answer: () => ProvidedIdentity = () => identityOf(OWNER.email);
const finished: { url: string; state: object }[] = [];

const pages = new PagesForTests({
  provider: {
    label: 'Example <ID>',
    start: async () => ({ url: `${ISSUER}/authorize?state=state-1`, state: { verifier: 'only-the-server-knows' } }),
    finish: async (url, state) => {
      finished.push({ url: url.href, state });
      return answer();
    },
  },
});

async function sentAway(next = '/device'): Promise<RawBrowser> {
  await pages.server.addOwner();
  finished.length = 0;
  answer = () => identityOf(OWNER.email);
  const browser = new RawBrowser(pages.server);
  await browser.get('/sign-in');
  const left = await browser.post('/sign-in/oidc', { next });
  expect([left.status, headerOf(left, 'refresh')]).toEqual([200, `0; url=${ISSUER}/authorize?state=state-1`]);
  expect(left.body).toContain(`href="${ISSUER}/authorize?state=state-1"`);
  expect(headerOf(left, 'set-cookie')).toMatch(
    /^outkit-elsewhere=[\w-]+; Path=\/; HttpOnly; SameSite=Lax; Max-Age=600$/,
  );
  expect(JSON.stringify(left.headers)).not.toContain('only-the-server-knows');
  return browser;
}

describe('signing in by an identity provider', () => {
  it('is offered to whoever signs in or is invited, by a form that leads nowhere else but here', async () => {
    await pages.server.addOwner();
    const browser = new RawBrowser(pages.server);
    const shown = await browser.get('/sign-in');
    expect(shown.body).toContain('Continue with Example &lt;ID&gt;');
    expect(headerOf(shown, 'content-security-policy')).toContain("form-action 'self';");
    const token = await pages.server.people.invite('new@example.com', 'member');
    expect((await browser.get(`/invitation/${token}`)).body).toContain('Continue with Example &lt;ID&gt;');
  });

  it('comes back with what was kept, and goes on where it was wanted, once', async () => {
    const browser = await sentAway();
    const back = await browser.get(CALLBACK);
    expect([back.status, headerOf(back, 'location')]).toEqual([303, '/device']);
    expect(finished).toEqual([
      { url: `${pages.server.publicUrl}${CALLBACK}`, state: { verifier: 'only-the-server-knows' } },
    ]);
    expect((await browser.get('/device')).status).toBe(200);
    expect(browser.cookies.has('outkit-elsewhere')).toBe(false);
    expect((await browser.get(CALLBACK)).status).toBe(400);
    expect(finished.length).toBe(1);
  });

  it.each([
    ['that nobody has', identityOf('who@example.com')],
    ['that is not verified', identityOf(OWNER.email, false)],
  ])('with an address %s is 401 and says how to come in', async (_what, identity) => {
    const browser = await sentAway();
    answer = () => identity;
    const back = await browser.get(CALLBACK);
    expect([back.status, back.body.includes('Ask an owner or admin')]).toEqual([401, true]);
    expect(browser.cookies.has('outkit')).toBe(false);
  });

  it.each([
    ['unauthenticated', 401],
    ['unavailable', 503],
  ] as const)('that ends with %s is %i, with a way back', async (code, status) => {
    const browser = await sentAway();
    answer = () => {
      throw new OutkitError(code, 'inner words');
    };
    const back = await browser.get(CALLBACK);
    expect([back.status, back.body.includes('href="/sign-in"')]).toEqual([status, true]);
    expect(back.body).not.toMatch(/inner words|abc/);
    expect(browser.cookies.has('outkit')).toBe(false);
  });

  it('is not finished in a browser that did not start it, nor with two cookies, nor after 10 minutes', async () => {
    const browser = await sentAway();
    const kept = browser.cookies.get('outkit-elsewhere') ?? '';
    const other = new RawBrowser(pages.server);
    expect((await other.get(CALLBACK)).status).toBe(400);
    other.cookies.set('outkit-elsewhere', kept);
    expect((await other.get(CALLBACK)).status).toBe(400);
    expect((await browser.get(CALLBACK, [['cookie', 'outkit-elsewhere=planted']])).status).toBe(400);
    browser.cookies.set('outkit-elsewhere', kept);
    pages.server.advance(10 * MINUTE_MS);
    expect((await browser.get(CALLBACK)).status).toBe(400);
    expect(finished).toEqual([]);
  });

  it('leads to pages of ours only, and starts by our own form only', async () => {
    const browser = await sentAway();
    expect((await browser.post('/sign-in/oidc', { next: '//evil.example' })).status).toBe(400);
    expect((await browser.post('/sign-in/oidc', { next: '/' }, { origin: 'https://evil.example' })).status).toBe(403);
    expect((await browser.post('/sign-in/oidc', { next: '/' }, { token: null })).status).toBe(403);
  });
});

it('there is no such route without a provider', async () => {
  const server = await PagesServer.start();
  expect((await new RawBrowser(server).get(CALLBACK)).status).toBe(404);
  await server.stop();
});
