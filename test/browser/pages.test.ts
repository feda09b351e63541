import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page, Request } from 'playwright-core';
import { afterEach, describe, expect, it } from 'vitest';
import { DEVICE_GRANT_TYPE } from '../../src/core/accounts.ts';
import { OWNER, PagesForTests } from '../pages/pages-server.ts';
import { BrowserForTests } from './browser.ts';
import { goBy } from './go-by.ts';

const pages = new PagesForTests();
const browser = new BrowserForTests();

const NEW_PASSWORD = 'one two three four';

const open = () => browser.open(pages.server.publicUrl);
const press = (page: Page, name: string) => goBy(page.getByRole('button', { name, exact: true }));
const heading = (page: Page) => page.getByRole('heading', { level: 1 }).textContent();

/** Fills fields by their labels. */
async function fill(page: Page, fields: Readonly<Record<string, string>>): Promise<void> {
  for (const [label, value] of Object.entries(fields)) await page.getByLabel(label, { exact: true }).fill(value);
}

async function signIn(page: Page, { email, password }: { email: string; password: string } = OWNER): Promise<void> {
  await fill(page, { 'E-mail address': email, Password: password });
  await press(page, 'Sign in');
}

/** Signs in and arrives at home: the dashboard, which needs scripts, sends a browser without them on after it has loaded. */
async function signInAtHome(page: Page, person?: Parameters<typeof signIn>[1]): Promise<void> {
  await page.goto('/sign-in');
  await signIn(page, person);
  await page.waitForURL('**/home');
}

async function ask(path: string, fields: Readonly<Record<string, string>>) {
  const body = new URLSearchParams({ client_id: 'outkit-cli', ...fields });
  const answer = await fetch(new URL(path, pages.server.publicUrl), { method: 'POST', body });
  return (await answer.json()) as Readonly<Record<string, string>>;
}

describe('in a browser without scripts', () => {
  it('a new server gets its owner by the setup link', async () => {
    const page = await open();
    await page.goto('/');
    expect(await heading(page)).toBe('This server is new');
    await page.goto(`/setup?token=${pages.server.people.setupToken}`);
    await fill(page, { 'Your e-mail address': OWNER.email, 'Your name': OWNER.name, 'Name of your team': 'Acme' });
    await fill(page, { Password: NEW_PASSWORD, 'Password again': 'one two three five' });
    await press(page, 'Set up');
    expect(await page.getByText('This must be the same as the password above.').isVisible()).toBe(true);
    expect(await page.getByLabel('Name of your team').inputValue()).toBe('Acme');
    await fill(page, { Password: NEW_PASSWORD, 'Password again': NEW_PASSWORD });
    await press(page, 'Set up');
    expect(await heading(page)).toBe(`Hello, ${OWNER.name}`);
    expect(await page.getByRole('listitem').textContent()).toMatch(/Acme\s+owner/);
  });

  it('a person signs in after a wrong password, looks at the account, and signs out', async () => {
    await pages.server.addOwner();
    const page = await open();
    await page.goto('/account');
    await signIn(page, { ...OWNER, password: 'not this one' });
    expect(await page.getByRole('alert').textContent()).toContain('do not fit together');
    expect(await page.getByLabel('E-mail address').inputValue()).toBe(OWNER.email);
    await signIn(page);
    expect(await heading(page)).toBe('Your account');
    await press(page, 'Sign out');
    expect(await heading(page)).toBe('Sign in');
    await page.goto('/account');
    expect(await heading(page)).toBe('Sign in');
    expect((await pages.server.people.sessionsOf(OWNER.email)).length).toBe(0);
  });

  it('an invited person makes an account and is in the team', async () => {
    await pages.server.addOwner();
    const token = await pages.server.people.invite('grace@example.com', 'admin');
    const page = await open();
    await page.goto(`/invitation/${token}`);
    expect(await heading(page)).toBe('Join Acme');
    await fill(page, { 'Your name': 'Grace', Password: NEW_PASSWORD, 'Password again': NEW_PASSWORD });
    await press(page, 'Make an account and join');
    expect(await heading(page)).toBe('Hello, Grace');
    expect(await page.getByRole('listitem').textContent()).toMatch(/Acme\s+admin/);
  });

  it('a person who is signed in elsewhere changes to the invited account and joins', async () => {
    await pages.server.addOwner();
    const token = await pages.server.people.invite(OWNER.email, 'member', 'Second');
    await pages.server.people.addAccount('grace@example.com', 'Grace', NEW_PASSWORD);
    const page = await open();
    await signInAtHome(page, { email: 'grace@example.com', password: NEW_PASSWORD });
    await page.goto(`/invitation/${token}`);
    await press(page, 'Sign out and go on');
    await goBy(page.getByRole('link', { name: 'Sign in to join' }));
    await signIn(page);
    await press(page, 'Join');
    expect(await page.getByRole('status').textContent()).toBe('You are in.');
    expect(await page.getByText('Second', { exact: true }).isVisible()).toBe(true);
  });

  it('a person lets a program in by its code, and the program has a session', async () => {
    await pages.server.addOwner();
    const {
      device_code: deviceCode = '',
      user_code: userCode = '',
      verification_uri: uri = '',
    } = await ask('/api/auth/device/code', {});
    const page = await open();
    await page.goto(uri);
    await signIn(page);
    expect(await page.getByLabel('Code').inputValue()).toBe('');
    await fill(page, { Code: userCode.toLowerCase() });
    await press(page, 'Go on');
    expect(await heading(page)).toBe('Is this you?');
    expect(await page.getByText(userCode, { exact: true }).isVisible()).toBe(true);
    await press(page, 'Let it in');
    expect(await heading(page)).toBe('It is in');
    const redeemed = await ask('/api/auth/device/token', { grant_type: DEVICE_GRANT_TYPE, device_code: deviceCode });
    const found = await pages.server.people.accounts.findSession(redeemed['access_token'] ?? '');
    expect(found?.person.email).toBe(OWNER.email);
    await page.goBack();
    await press(page, 'Send it away');
    expect(await heading(page)).toBe('Too late');
  });

  it('a person ends another session and changes the password', async () => {
    await pages.server.addOwner();
    await pages.server.people.startSession(OWNER.email, { ip: '203.0.113.7', agent: 'outkit/0.1.0' });
    const page = await open();
    await signInAtHome(page);
    await goBy(page.getByRole('link', { name: 'Password and sessions' }));
    await goBy(page.getByRole('button', { name: 'End the session from 203.0.113.7' }));
    expect(await page.getByRole('status').textContent()).toBe('That session has ended.');
    expect((await pages.server.people.sessionsOf(OWNER.email)).length).toBe(1);
    await fill(page, { 'Current password': OWNER.password, 'New password': NEW_PASSWORD });
    await fill(page, { 'New password again': NEW_PASSWORD });
    await press(page, 'Change password');
    expect(await page.getByRole('status').textContent()).toContain('Your password is changed');
  });
});

describe('a page of another site', () => {
  let site: Server | undefined;

  afterEach(() => {
    site?.close();
  });

  /** Serves a page from another host than ours; resolves to its address. */
  async function serve(body: string): Promise<string> {
    const server = createServer((_request, response) => response.setHeader('content-type', 'text/html').end(body));
    site = server;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://localhost:${(server.address() as AddressInfo).port}`;
  }

  async function signedIn(): Promise<Page> {
    await pages.server.addOwner();
    const page = await open();
    await signInAtHome(page);
    return page;
  }

  it('cannot sign anybody out by a form', async () => {
    const page = await signedIn();
    const target = `${pages.server.publicUrl}/sign-out`;
    await page.goto(await serve(`<form method="post" action="${target}"><button>Win</button></form>`));
    await press(page, 'Win');
    expect(await heading(page)).toBe('Not done');
    expect((await pages.server.people.sessionsOf(OWNER.email)).length).toBe(1);
    await goBy(page.getByRole('link', { name: 'To the first page' }));
    expect(await heading(page)).toBe(`Hello, ${OWNER.name}`);
  });

  it('cannot show ours in a frame, and has nobody signed in there', async () => {
    const page = await signedIn();
    // What the page before still asked for may be given up by then.
    const isOurs = (request: Request) => request.failure()?.errorText !== 'net::ERR_ABORTED';
    const address = await serve(`<iframe src="${pages.server.publicUrl}/device"></iframe>`);
    const [request] = await Promise.all([page.waitForEvent('requestfailed', isOurs), page.goto(address)]);
    expect([request.url(), request.failure()?.errorText]).toEqual([
      `${pages.server.publicUrl}/sign-in?next=%2Fdevice`,
      'net::ERR_BLOCKED_BY_RESPONSE',
    ]);
  });
});
