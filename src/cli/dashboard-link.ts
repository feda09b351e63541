import { DASHBOARD_LINK_PREFIX } from '../api/dashboard.ts';
import { newDashboardPass } from '../core/dashboard-pass.ts';
import { readLocalCredential } from './dev-server-record.ts';
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
