import type { FastifyInstance, FastifyReply } from 'fastify';
import { DASHBOARD_LINK_PREFIX, DASHBOARD_PATHS } from '../../api/dashboard.ts';
import { fitsRoute } from '../known-routes.ts';
import { sendErrorPage } from '../pages/error-page.ts';
import { html } from '../pages/html.ts';
import { layout, type Page } from '../pages/layout.ts';
import { setPageHeaders } from '../pages/page-headers.ts';
import { addStylesheet } from '../pages/stylesheet-route.ts';
import type { DashboardFiles } from './dashboard-files.ts';
import type { LocalSessions } from './local-sessions.ts';
import { addDashboardAssets, sendDashboard } from './send-dashboard.ts';

/** Where browsers without scripts go on. */
const PLAIN_PATH = '/home';
const LINK_PATH = `${DASHBOARD_LINK_PREFIX}:pass`;
/** Of headers that only https has. */
const LOCAL_URL = 'http://127.0.0.1';

/** Puts the dashboard on the server of `outkit dev`, which has no people: a link that works once lets a browser in. */
export function addLocalDashboard(app: FastifyInstance, files: DashboardFiles | null, sessions: LocalSessions): void {
  const paths: readonly string[] = [...DASHBOARD_PATHS, PLAIN_PATH, LINK_PATH];
  app.errorSides.push({
    owns: (path) => paths.some((route) => fitsRoute(route, path)),
    send: (error, reply) => sendErrorPage(error, reply, LOCAL_URL),
  });
  for (const path of DASHBOARD_PATHS) {
    app.get(path, async (request, reply) => {
      if (!sessions.isOpen(request)) return showPage(reply, 401, LET_IN);
      return files === null ? showPage(reply, 200, PLAIN_PAGE) : sendDashboard(files, request, reply, LOCAL_URL);
    });
  }
  app.get(PLAIN_PATH, async (_request, reply) => showPage(reply, 200, PLAIN_PAGE));
  app.route<{ Params: { pass: string } }>({
    method: 'GET',
    url: LINK_PATH,
    // Whoever only looks whether it is there must not use it up.
    exposeHeadRoute: false,
    handler: async (request, reply) => {
      const cookie = sessions.open(request, request.params.pass);
      if (cookie === null) return showPage(reply, 410, LINK_ENDED);
      // By a page of ours, not by a redirect: with one, whoever follows the link from another site would come without the cookie.
      reply.header('set-cookie', cookie).header('refresh', '0; url=/');
      return showPage(reply, 200, COME_IN);
    },
  });
  addStylesheet(app);
  if (files !== null) addDashboardAssets(app, files);
}

function showPage(reply: FastifyReply, status: number, page: Page): FastifyReply {
  setPageHeaders(reply, LOCAL_URL);
  return reply.code(status).type('text/html; charset=utf-8').send(layout(page, null).text);
}

const NEW_LINK = html`<p>In the folder of the project, this opens the dashboard in your browser:</p>
<pre><code>outkit open</code></pre>`;

const LET_IN: Page = {
  title: 'Open the dashboard',
  body: html`<h1>Open the dashboard by its link</h1>
<p>This browser was not let in yet. Other programs and pages can reach this address too, so a link that works once tells who you are.</p>
${NEW_LINK}`,
};

const LINK_ENDED: Page = {
  title: 'This link has ended',
  body: html`<h1>This link has ended</h1>
<p>It works once and for 5 minutes, while the <code>outkit dev</code> that made it runs.</p>
${NEW_LINK}
<p class="hint">Was this browser let in already? Then <a href="/">go on to the dashboard</a>.</p>`,
  isProblem: true,
};

const COME_IN: Page = {
  title: 'Welcome',
  body: html`<h1>You are in</h1>
<p><a class="button" href="/">Go on to the dashboard</a></p>`,
};

const PLAIN_PAGE: Page = {
  title: 'Outkit',
  body: html`<h1>Outkit runs here</h1>
<p>The dashboard needs JavaScript. The command line does all that it does:</p>
<pre><code>outkit keys list</code>
<code>outkit --help</code></pre>`,
};
