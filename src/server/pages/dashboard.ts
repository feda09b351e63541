import { DASHBOARD_PATHS } from '../../api/dashboard.ts';
import type { DashboardFiles } from '../dashboard/dashboard-files.ts';
import { notSetUpPage, PLAIN_HOME_PATH } from './home.ts';
import { type PageRoute, signInPath } from './page-route.ts';

/** The dashboard for people who are signed in; others sign in first, and come back to the same page of it. */
export function dashboardRoutes(files: DashboardFiles | null): readonly PageRoute[] {
  return DASHBOARD_PATHS.map((path) => ({
    method: 'GET',
    path,
    handle: async (visit, { signIn }) => {
      if (visit.who !== null) return files === null ? visit.goTo(PLAIN_HOME_PATH) : visit.showDashboard(files);
      return (await signIn.isSetUp()) ? visit.goTo(signInPath(visit.url.pathname)) : visit.show(notSetUpPage());
    },
  }));
}
