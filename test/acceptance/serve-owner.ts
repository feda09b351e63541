import { RawBrowser } from '../raw-browser.ts';
import type { ServeProcess } from './serve-process.ts';

const PASSWORD = 'correct horse battery';

/** Sets a server up by its link, and resolves to the credential of its first owner. */
export async function setUpOwner({ url, setupLink }: ServeProcess): Promise<string> {
  const browser = new RawBrowser({ url, publicUrl: url });
  const token = new URL(setupLink).searchParams.get('token') ?? '';
  await browser.get(`/setup?token=${token}`);
  const account = { email: 'olga@example.com', name: 'Olga', password: PASSWORD, password_again: PASSWORD };
  const { status } = await browser.post('/setup', { token, ...account, team_name: 'Engines' });
  if (status !== 303) throw new Error(`the setup was answered with ${status}`);
  return browser.cookies.get('outkit') ?? '';
}
