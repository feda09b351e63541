import { fileURLToPath } from 'node:url';
import { it } from 'vitest';
import { OWNER, PagesForTests, UNUSED_PROVIDER } from '../pages/pages-server.ts';
import { BrowserForTests } from './browser.ts';
import { goBy } from './go-by.ts';

const IMAGES = fileURLToPath(new URL('../../docs/images', import.meta.url));
const AGENTS = ['outkit/0.1.0', 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0'];
/** Pictures are for people, so they are made when somebody asks for them: `OUTKIT_PICTURES=1 npx vitest run test/browser/page-pictures.test.ts`. */
const picture = it.runIf(process.env['OUTKIT_PICTURES'] === '1');

const pages = new PagesForTests({ provider: UNUSED_PROVIDER });
const browser = new BrowserForTests();

picture('takes the pictures of the pages without scripts', async () => {
  const { people } = pages.server;
  await pages.server.addOwner();
  const page = await browser.open(pages.server.publicUrl, { viewport: { width: 900, height: 640 } });
  const shoot = (name: string) => page.screenshot({ path: `${IMAGES}/${name}.png` });
  await page.goto('/sign-in?next=%2Fdevice');
  await shoot('sign-in');
  await page.fill('#email', OWNER.email);
  await page.fill('#password', OWNER.password);
  await goBy(page.getByRole('button', { name: 'Sign in', exact: true }));
  for (const agent of AGENTS) await people.startSession(OWNER.email, { ip: '203.0.113.7', agent });
  const { userCode } = await people.signIn.requestDevice({ ip: '127.0.0.1', agent: 'outkit/0.1.0' });
  await page.goto('/device');
  await page.fill('#user_code', userCode);
  await goBy(page.getByRole('button', { name: 'Go on', exact: true }));
  await page.setViewportSize({ width: 900, height: 760 });
  await shoot('device');
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.setViewportSize({ width: 390, height: 844 });
  await shoot('device-phone-dark');
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 900, height: 1000 });
  await page.goto('/account');
  await shoot('account');
});
