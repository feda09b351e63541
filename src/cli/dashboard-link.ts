import { join } from 'node:path';
import { DASHBOARD_LINK_PREFIX } from '../api/dashboard.ts';
import { newDashboardPass } from '../core/dashboard-pass.ts';
import { readLocalCredential, replaceFile } from './dev-server-record.ts';
import type { Io } from './io.ts';

/**
 * A link into the dashboard of the `outkit dev` that has this data directory; it works once, for 5 minutes. `null` when there is no
 * credential; throws `data_directory` for one that others can read.
 */
export async function newDashboardLink(url: string, dataDirectory: string, io: Io): Promise<string | null> {
  const credential = await readLocalCredential(dataDirectory, io.userId);
  if (credential === null) return null;
  return `${url}${DASHBOARD_LINK_PREFIX}${newDashboardPass(credential, io.now(), io.fillRandom)}`;
}

const PAGE_NAME = 'open.html';

/**
 * Writes a page that only this user can read and that leads on to the link, and answers with its path. The arguments of a program that
 * opens pages are shown to every user of the machine, and whoever is the first to follow a link is let in.
 */
export async function writeLinkPage(link: string, dataDirectory: string): Promise<string> {
  const { href } = new URL(link);
  const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="refresh" content="0; url=${href}">
<title>Outkit</title>
<p><a href="${href}">Go on to the dashboard</a></p>
</html>
`;
  await replaceFile(dataDirectory, PAGE_NAME, page);
  return join(dataDirectory, PAGE_NAME);
}
