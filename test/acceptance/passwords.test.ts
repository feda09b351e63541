import { scryptSync } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { RawBrowser } from '../raw-browser.ts';
import { ServeProcess } from './serve-process.ts';

const PASSWORD = 'correct horse battery';
const COST = { N: 16_384, r: 16, p: 1, maxmem: 64 * 1024 * 1024 };

it('outkit serve keeps of a password its scrypt with N 16384, r 16, p 1 and a salt, and lets in who has it', async () => {
  const server = await ServeProcess.start();
  const token = new URL(server.setupLink).searchParams.get('token') ?? '';
  const submit = async (page: string, action: string, fields: Readonly<Record<string, string>>) => {
    const browser = new RawBrowser({ url: server.url, publicUrl: server.url });
    await browser.get(page);
    return (await browser.post(action, fields)).status;
  };
  const email = 'olga@example.com';
  const account = { token, email, name: 'Olga', password: PASSWORD, password_again: PASSWORD, team_name: 'Engines' };
  expect(await submit(`/setup?token=${token}`, '/setup', account)).toBe(303);

  const database = new DatabaseSync(join(server.directory, 'outkit-data/outkit.db'), { readOnly: true });
  const rows = database.prepare("select password from auth_account where providerId = 'credential'").all();
  database.close();
  expect(rows).toHaveLength(1);
  const [salt = '', key = ''] = String(rows[0]?.['password']).split(':');
  expect(salt).toMatch(/^[0-9a-f]{32}$/);
  expect(key).toBe(scryptSync(PASSWORD, salt, 64, COST).toString('hex'));

  expect(await submit('/sign-in', '/sign-in', { email, password: 'correct horse batterx', next: '/' })).not.toBe(303);
  expect(await submit('/sign-in', '/sign-in', { email, password: PASSWORD, next: '/' })).toBe(303);
});
