import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { expect, onTestFinished } from 'vitest';
import type { DevServer } from '../acceptance/dev-server.ts';
import { KEY, type Project } from '../acceptance/outkit.ts';
import { Sightings } from './sightings.ts';

const SAMPLE = readFileSync(new URL('../../examples/site/sample.md', import.meta.url), 'utf8');

/** A project that has a key in its env file, made by the command line. */
export async function projectWithKey(server: DevServer): Promise<{ project: Project; plaintext: string }> {
  const project = server.newProject({ env: { OUTKIT_API_URL: server.url, OUTKIT_TOKEN: server.token } });
  onTestFinished(() => project.remove());
  const made = await project.run(['keys', 'create', '-n', 'example', '--env-file']);
  expect(made.exitCode, made.stderr).toBe(0);
  const [plaintext = ''] = KEY.exec(project.read('.env.local')) ?? [];
  return { project, plaintext };
}

/** Renders in the page of an example, before and after signing in, and searches everything that the browser got for the key. */
export async function renderInBrowser(page: Page, plaintext: string): Promise<void> {
  const sightings = new Sightings(page.context());
  const problems: string[] = [];
  page.on('pageerror', ({ message }) => problems.push(message));
  await page.goto('/');
  const press = (label: string) => page.getByRole('button', { name: label }).click();

  await page.getByRole('textbox').fill(SAMPLE);
  await press('Render');
  await page.getByRole('alert').filter({ hasText: 'You may not render here: sign in first' }).waitFor();
  await press('Sign in');
  await page.locator('#sign-in:disabled').waitFor();
  await press('Render');

  // The last block: not its text, which stands in the field above too.
  await page.locator('blockquote', { hasText: 'Cold brew keeps for a week' }).waitFor();
  const columns = ['method', 'time', 'coffee for 1 l', 'taste'];
  expect(await page.getByRole('columnheader').allTextContents()).toEqual(columns);
  expect(await page.getByRole('row').count()).toBe(4);
  expect(await page.getByRole('cell', { name: 'cold brew' }).isVisible()).toBe(true);
  const boxes = await page.getByRole('checkbox').all();
  expect(await Promise.all(boxes.map((box) => box.isChecked()))).toEqual([true, false, false]);

  expect(await sightings.placesOf(plaintext, page)).toEqual([]);
  expect(sightings.places.filter((place) => place.endsWith('POST /api/outkit answer'))).toHaveLength(2);
  expect(problems).toEqual([]);
}
