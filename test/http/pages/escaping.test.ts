import { expect, it } from 'vitest';
import { browserOfOwner } from '../../pages/browser-of-owner.ts';
import { OWNER, PagesForTests } from '../../pages/pages-server.ts';
import { RawBrowser } from '../../raw-browser.ts';

const pages = new PagesForTests();

const MARKUP = `<img src=x onerror=alert(1)>"'&`;
const ESCAPED = '&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;';
/** An override of direction, a C1 control that starts a terminal sequence, a zero-width space, a line separator. */
const HIDDEN = '\u202e\x9b2J\u200b\u2028';
const WRITTEN = '\\u202e\\x9b2J\\u200b\\u2028';

function expectText(body: string, times: number): void {
  expect(body).not.toContain('<img');
  expect(body).not.toMatch(/[\u202e\x9b\u200b\u2028]/);
  expect(body.split(`${ESCAPED}${WRITTEN}`).length - 1).toBe(times);
}

async function signedInAs(name: string): Promise<RawBrowser> {
  await pages.server.people.addAccount(OWNER.email, name, OWNER.password, `${MARKUP}${HIDDEN}`);
  const browser = await browserOfOwner(pages.server);
  return browser;
}

it('the names of people and teams are text on every page', async () => {
  const browser = await signedInAs(`${MARKUP}${HIDDEN}`);
  expectText((await browser.get('/home')).body, 3);
  expectText((await browser.get('/account')).body, 2);
});

it('a program that asks to come in names itself in text only', async () => {
  const browser = await signedInAs('Ada');
  const asked = await pages.server.people.signIn.requestDevice({ ip: '127.0.0.1', agent: `${MARKUP}${HIDDEN}` });
  await browser.get('/device');
  const found = await browser.post('/device', { user_code: asked.userCode });
  const [, location = ''] = found.headers.find(([name]) => name === 'location') ?? [];
  expectText((await browser.get(location)).body, 1);
});

it('the program of a session is text, also when it came in a header', async () => {
  const browser = await signedInAs('Ada');
  const other = new RawBrowser(pages.server);
  await other.get('/sign-in');
  const headers = [['user-agent', '<svg onload=alert(1)>\x9b2J']] as const;
  await other.post('/sign-in', { next: '/', email: OWNER.email, password: OWNER.password }, { headers });
  const { body } = await browser.get('/account');
  expect(body).toContain('&lt;svg onload=alert(1)&gt;\\x9b2J');
  expect(body).not.toContain('<svg onload');
});

it('what was typed comes back as text', async () => {
  await pages.server.addOwner();
  const browser = new RawBrowser(pages.server);
  await browser.get('/sign-in');
  const answer = await browser.post('/sign-in', { next: '/', email: `${MARKUP}${HIDDEN}`, password: 'x' });
  expectText(answer.body, 1);
});

it('an invitation names its team in text', async () => {
  await pages.server.addOwner();
  const token = await pages.server.people.invite('grace@example.com', 'member', `${MARKUP}${HIDDEN}`);
  expectText((await new RawBrowser(pages.server).get(`/invitation/${token}`)).body, 2);
});
