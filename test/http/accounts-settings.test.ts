import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { OpenIdProvider } from '../../src/accounts/openid-provider.fixture.ts';
import { SmtpSink } from '../../src/accounts/smtp-sink.fixture.ts';
import { HOUR_MS } from '../../src/core/clock.ts';
import { AccountsServer, PASSWORD, type TestPerson } from '../accounts-server.ts';
import { expectError } from '../expect-error.ts';
import { headerOf } from './raw-http.ts';

let server: AccountsServer;
afterEach(async () => {
  await server.stop();
});

const teamOf = async (person: TestPerson) => (await server.as(person).teams.list())[0]?.id ?? '';
const pathOf = (link: string) => new URL(link).pathname + new URL(link).search;
const decoded = (mail: string) => mail.replace(/=\n/g, '').replace(/=3D/g, '=');

async function withMail(): Promise<{ readonly sink: SmtpSink; readonly owner: TestPerson }> {
  const sink = await SmtpSink.start();
  onTestFinished(() => sink.stop());
  const smtp = { host: '127.0.0.1', port: sink.port, isImplicitTls: false, login: null, from: 'keys@example.com' };
  server = await AccountsServer.start({ smtp });
  return { sink, owner: await server.owner() };
}

describe('an owner in the configuration', () => {
  it('is made once, so that no setup link is needed, and a later start with it changes nothing', async () => {
    const owner = { email: 'olga@example.com', name: 'Olga', password: PASSWORD };
    server = await AccountsServer.start({ owner });
    expect(server.hasSetupLink).toBe(false);
    const olga = await server.signIn('olga@example.com');
    expect((await server.as(olga).me.me()).teams).toMatchObject([{ name: 'Team', role: 'owner' }]);
    await server.restart();
    expect((await server.as(olga).me.me()).teams).toHaveLength(1);
  });
});

describe('mail', () => {
  it('carries an invitation to its address, and the answer says so', async () => {
    const { sink, owner } = await withMail();
    const { url, isMailed } = await server.as(owner).people.invite(await teamOf(owner), 'grace@example.com', 'admin');
    expect(isMailed).toBe(true);
    expect(sink.commands).toContain('RCPT TO:<grace@example.com>');
    expect(decoded(sink.messages[0] ?? '')).toContain(url);
  });

  it('carries a link for a new password, which works once, and signs everybody else out', async () => {
    const { sink, owner } = await withMail();
    const browser = server.browser();
    await browser.get('/forgot');
    const asked = await browser.post('/forgot', { email: 'olga@example.com' });
    expect(asked.body).toContain('Look into your mail');
    await vi.waitFor(() => expect(sink.messages).toHaveLength(1));
    const link = /\/reset\?token=okr_[\w-]{43}/.exec(decoded(sink.messages[0] ?? ''))?.[0] ?? '';
    const token = link.slice(link.indexOf('okr_'));
    expect((await browser.get(link)).body).toContain('For olga@example.com');
    const fields = { token, password: 'another good password', password_again: 'another good password' };
    expect((await browser.post('/reset', { ...fields, password_again: 'x' })).status).toBe(400);
    expect((await browser.post('/reset', fields)).status).toBe(303);
    await expectError(server.as(owner).me.me(), 'unauthenticated');
    const me = { email: 'olga@example.com', credential: browser.cookies.get('outkit') ?? '' };
    expect(await server.as(me).me.listSessions()).toHaveLength(1);
    expect((await server.browser().get(link)).status).toBe(404);
    await expect(server.signIn('olga@example.com')).rejects.toThrow('401');
    await server.signIn('olga@example.com', 'another good password');
    const { data } = await server.as(me).audit.list({ since: null, keyId: null, cursor: null, limit: 10 });
    expect(data.find(({ action }) => action === 'person.password')).toMatchObject({
      actor: 'olga@example.com',
      after: { by: 'reset link' },
      outcome: 'done',
    });
    expect(server.log.join('')).not.toContain(token);
  });

  it('goes to nobody for an address without an account, and the page says the same', async () => {
    const { sink } = await withMail();
    const browser = server.browser();
    const bodies: string[] = [];
    for (const email of ['nobody@example.com', 'olga@example.com']) {
      await browser.get('/forgot');
      bodies.push((await browser.post('/forgot', { email })).body);
    }
    expect(bodies[0]).toBe(bodies[1]);
    await vi.waitFor(() => expect(sink.messages).toHaveLength(1));
    expect(sink.commands.filter((command) => command.startsWith('RCPT'))).toEqual(['RCPT TO:<olga@example.com>']);
  });

  it('of one address ends at three requests an hour', async () => {
    await withMail();
    const browser = server.browser();
    await browser.get('/forgot');
    const statuses: number[] = [];
    for (let count = 0; count < 4; count += 1) {
      statuses.push((await browser.post('/forgot', { email: 'nobody@example.com' })).status);
      await browser.get('/forgot');
    }
    expect(statuses).toEqual([200, 200, 200, 429]);
  });
});

describe('a link of the operator', () => {
  it('lets its person set a new password without mail, for an hour', async () => {
    server = await AccountsServer.start();
    await server.owner();
    await server.restart('olga@example.com');
    const first = server.resetLink ?? '';
    await server.restart('olga@example.com');
    const link = server.resetLink ?? '';
    expect((await server.browser().get(pathOf(first))).status).toBe(404);
    expect((await server.browser().get(pathOf(link))).status).toBe(200);
    server.advance(HOUR_MS);
    expect((await server.browser().get(pathOf(link))).status).toBe(404);
    expect((await server.browser().get('/forgot')).body).toContain('outkit serve --reset-password');
  });

  it('is made for nobody without an account: the server does not start', async () => {
    server = await AccountsServer.start();
    await expectError(server.restart('nobody@example.com'), 'not_found');
    await server.restart();
  });
});

describe('an identity provider', () => {
  it('signs in who has an account or an invitation for the address that it vouches for, and nobody else', async () => {
    const provider = await OpenIdProvider.start();
    onTestFinished(() => provider.stop());
    const oidc = {
      issuer: provider.issuer,
      clientId: 'outkit',
      clientSecret: 'a client secret: +/&',
      label: 'Example',
    };
    server = await AccountsServer.start({ oidc });
    const owner = await server.owner();
    const enter = async (email: string, isVerified = true) => {
      provider.claims = { sub: email, email, email_verified: isVerified };
      const browser = server.browser();
      await browser.get('/sign-in');
      const answer = await browser.post('/sign-in/oidc', { next: '/' });
      const away = (headerOf(answer, 'refresh') ?? '').replace('0; url=', '');
      const back = provider.callback(away);
      const entered = await browser.get(pathOf(back));
      return { status: entered.status, browser };
    };
    expect((await enter('Olga@Example.com')).status).toBe(303);
    expect((await enter('eve@example.com')).status).toBe(401);
    await server.as(owner).people.invite(await teamOf(owner), 'grace@example.com', 'member');
    expect((await enter('grace@example.com', false)).status).toBe(401);
    const grace = await enter('grace@example.com');
    const me = { email: 'grace@example.com', credential: grace.browser.cookies.get('outkit') ?? '' };
    expect((await server.as(me).me.me()).teams).toMatchObject([{ role: 'member' }]);
  });
});
