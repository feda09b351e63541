import type { FastifyInstance } from 'fastify';
import { addDashboardAssets } from '../dashboard/send-dashboard.ts';
import { fitsRoute } from '../known-routes.ts';
import { isSameOrigin } from '../session-cookie.ts';
import { accountRoutes } from './account.ts';
import { dashboardRoutes } from './dashboard.ts';
import { deviceRoutes } from './device.ts';
import { addDeviceEndpoints, sendDeviceError } from './device-endpoints.ts';
import { foreignForm, sendErrorPage } from './error-page.ts';
import { takeForms } from './form-body.ts';
import { homeRoutes } from './home.ts';
import { invitationRoutes } from './invitation.ts';
import { type PageContext, pageContext } from './page-context.ts';
import { setPageHeaders } from './page-headers.ts';
import type { PageOptions } from './page-options.ts';
import type { PageRoute } from './page-route.ts';
import { resetRoutes } from './reset.ts';
import { setupRoutes } from './setup.ts';
import { signInRoutes } from './sign-in.ts';
import { signInElsewhereRoutes } from './sign-in-elsewhere.ts';
import { STYLESHEET_PATH } from './stylesheet.ts';
import { addStylesheet } from './stylesheet-route.ts';
import { Visit } from './visit.ts';

/** Puts the pages for people and the device endpoints on a server of `createHttpApp`, and words their errors. */
export function addPages(app: FastifyInstance, options: PageOptions): void {
  const context = pageContext(options);
  const { provider, dashboard } = options;
  const elsewhere = provider === null ? [] : signInElsewhereRoutes(provider);
  const comingIn = [...signInRoutes, ...resetRoutes, ...elsewhere, ...setupRoutes, ...invitationRoutes];
  const routes = [...dashboardRoutes(dashboard), ...homeRoutes, ...comingIn, ...accountRoutes, ...deviceRoutes];
  app.errorSides.push(
    {
      owns: (path) => path === STYLESHEET_PATH || routes.some((route) => fitsRoute(route.path, path)),
      send: (error, reply) => sendErrorPage(error, reply, options.publicUrl),
    },
    { owns: (path) => path.startsWith('/api/auth/'), send: sendDeviceError },
    {
      owns: (path, isLostVisitor) => isLostVisitor && !path.startsWith('/v1/'),
      send: (error, reply) => sendErrorPage(error, reply, options.publicUrl),
    },
  );
  app.register(async (pages) => addRoutes(pages, routes, context));
  if (dashboard !== null) addDashboardAssets(app, dashboard);
  app.register(async (endpoints) => {
    takeForms(endpoints);
    addDeviceEndpoints(endpoints, options);
  });
}

function addRoutes(pages: FastifyInstance, routes: readonly PageRoute[], context: PageContext): void {
  const { publicUrl } = context;
  takeForms(pages);
  pages.addHook('onRequest', async (request, reply) => {
    setPageHeaders(reply, publicUrl);
    if (request.method === 'POST' && !isSameOrigin(request, publicUrl)) throw foreignForm(publicUrl);
  });
  for (const { method, path, handle } of routes) {
    pages.route({
      method,
      url: path,
      handler: async (request, reply) => handle(await Visit.of(context, request, reply), context),
    });
  }
  addStylesheet(pages);
}
