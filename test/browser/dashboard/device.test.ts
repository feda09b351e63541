import { expect, it } from 'vitest';
import { ServeProcess } from '../../acceptance/serve-process.ts';
import { BrowserForTests } from '../browser.ts';
import { goBy } from '../go-by.ts';

const browser = new BrowserForTests();
const PASSWORD = 'correct horse battery staple';

it('the real command line is let in by a browser that has the dashboard open, and what it does then is seen there', async () => {
  const server = await ServeProcess.start();
  const page = await browser.open(server.url, { javaScriptEnabled: true });
  await page.goto(server.setupLink);
  const fields = { 'Your e-mail address': 'olga@example.com', 'Your name': 'Olga', 'Name of your team': 'Engines' };
  for (const [label, value] of Object.entries({ ...fields, Password: PASSWORD, 'Password again': PASSWORD })) {
    await page.getByLabel(label, { exact: true }).fill(value);
  }
  await goBy(page.getByRole('button', { name: 'Set up', exact: true }));
  await page.goto('/');
  await page.getByRole('heading', { name: 'Begin with a profile' }).waitFor();

  const laptop = server.newMachine();
  const terminal = laptop.terminal(['login', '--no-browser']);
  await terminal.waitFor('Waiting');
  const code = /Code {2}([A-Z]{4}-[A-Z]{4})/.exec(terminal.screen())?.[1] ?? '';
  const tab = await page.context().newPage();
  await tab.goto('/device');
  await tab.getByLabel('Code', { exact: true }).fill(code);
  await goBy(tab.getByRole('button', { name: 'Go on', exact: true }));
  await goBy(tab.getByRole('button', { name: 'Let it in', exact: true }));
  expect(await terminal.exitCode).toBe(0);
  expect(terminal.screen()).toContain(`Logged in to ${server.url} as olga@example.com`);

  await laptop.run(['profiles', 'create', '-n', 'Web', '--use']);
  const key = (await laptop.run(['keys', 'create', '-n', 'from the terminal'])).stdout.trim();
  await page.reload();
  await page.getByRole('link', { name: 'from the terminal', exact: true }).waitFor();
  await page.getByRole('link', { name: 'Live log' }).click();
  await page.getByRole('status').getByText('Live', { exact: true }).waitFor();
  const headers = { 'x-outkit-api-key': key };
  expect((await fetch(`${server.url}/components`, { headers })).status).toBe(200);
  await page.getByRole('list', { name: 'Live log' }).getByText('from the terminal').waitFor();
  expect(await page.content()).not.toContain(key.slice(8));
});
