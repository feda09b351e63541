import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { pageText } from '../../src/cli/framework/page-next.ts';
import { startDev } from '../acceptance/dev-server.ts';
import { copyExample, ExampleApp } from '../acceptance/example-app.ts';
import type { Project } from '../acceptance/outkit.ts';
import { IS_LONG } from '../long-tests.ts';
import { BrowserForTests } from './browser.ts';
import { projectWithKey, renderInBrowser } from './example-walk.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const INSTALL_MS = 300_000;

const browser = new BrowserForTests();

it('the page of the next example is the one that init writes', () => {
  const page = readFileSync(join(ROOT, 'examples/next/app/outkit/page.tsx'), 'utf8');
  expect(page).toBe(pageText('app/outkit/page.tsx', true));
});

/** With the npm settings of this machine: another registry, a cache. */
function npm(project: Project, ...args: readonly string[]): string {
  const env = { ...process.env, NEXT_TELEMETRY_DISABLED: '1' };
  return execFileSync('npm', args, {
    cwd: project.directory,
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** Installs the example as from the registry: with the package that would be published. */
function installPacked(project: Project): void {
  const packed = npm(project, 'pack', ROOT, '--ignore-scripts', '--silent').trim();
  project.write('package.json', project.read('package.json').replace('file:../..', `file:${packed}`));
  npm(project, 'install', '--no-audit', '--no-fund', '--ignore-scripts', '--silent');
}

// It installs Next.js, which takes a minute and the registry.
it.runIf(IS_LONG)(
  'the next example, built with the package as it is published, shows a table and a checklist in a browser that never gets the key',
  async () => {
    const server = await startDev();
    onTestFinished(() => server.stop());
    const { project, plaintext } = await projectWithKey(server);
    copyExample('next', project);
    installPacked(project);
    npm(project, 'run', 'build');
    const app = await ExampleApp.run(project, 'node', [
      'node_modules/next/dist/bin/next',
      'start',
      '-H',
      '127.0.0.1',
      '-p',
      '0',
    ]);
    onTestFinished(() => app.stop());
    await renderInBrowser(await browser.open(app.url, { javaScriptEnabled: true }), plaintext);

    const { stdout } = await project.run(['doctor', '--json']);
    const { checks } = JSON.parse(stdout) as { checks: readonly { name: string; verdict: string; detail: string }[] };
    const built = checks.find(({ name }) => name === 'build');
    expect(built).toMatchObject({
      verdict: 'pass',
      detail: expect.stringMatching(/^no key in \d+ files of .next\/static/),
    });
  },
  INSTALL_MS,
);
