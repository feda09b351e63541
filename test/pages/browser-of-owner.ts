import { expect } from 'vitest';
import { sessionCookie } from '../../src/server/session-cookie.ts';
import { RawBrowser } from '../raw-browser.ts';
import { OWNER, type PagesServer } from './pages-server.ts';

/** A browser in which the owner is signed in, at the plain home page. It skips the form, which takes its time over a password. */
export async function browserOfOwner({ people, url, publicUrl }: PagesServer): Promise<RawBrowser> {
  const browser = new RawBrowser({ url, publicUrl });
  const { credential } = await people.startSession(OWNER.email, { ip: '127.0.0.1', agent: '' });
  browser.cookies.set(sessionCookie(publicUrl).name, credential);
  expect((await browser.get('/home')).status).toBe(200);
  return browser;
}
