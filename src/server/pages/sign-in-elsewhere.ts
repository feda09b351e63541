import type { FastifyReply } from 'fastify';
import * as v from 'valibot';
import { readInput } from '../../api/read-input.ts';
import { OutkitError } from '../../core/errors.ts';
import { attempt } from './attempt.ts';
import { type Html, html } from './html.ts';
import type { Page } from './layout.ts';
import type { PageContext } from './page-context.ts';
import type { IdentityProvider } from './page-options.ts';
import { nextPath, type PageRoute } from './page-route.ts';
import type { Visit } from './visit.ts';

/** Sign-in by an identity provider; there are none of these routes without one. */
export function signInElsewhereRoutes(provider: IdentityProvider): readonly PageRoute[] {
  return [
    {
      method: 'POST',
      path: '/sign-in/oidc',
      handle: async (visit, { cookies, seals }) => {
        const { next } = readInput(v.strictObject({ next: nextPath }), visit.form);
        const { url, state } = await provider.start();
        visit.setCookie(cookies.elsewhere.set(seals.elsewhere.close({ state: { ...state }, next }, visit.holder)));
        return visit.leaveFor(url, leavingPage(url, provider));
      },
    },
    {
      method: 'GET',
      path: '/sign-in/oidc/callback',
      handle: (visit, context) => finish(visit, context, provider),
    },
  ];
}

async function finish(visit: Visit, context: PageContext, provider: IdentityProvider): Promise<FastifyReply> {
  const kept = visit.takeElsewhere();
  const opened = kept === null ? null : context.seals.elsewhere.open(kept, visit.holder);
  if (opened === null) return visit.show(startAgainPage(provider), 400);
  const identity = await attempt(() => provider.finish(visit.url, opened.state), ['unauthenticated', 'unavailable']);
  if (identity instanceof OutkitError) {
    return visit.show(refusedPage(provider), identity.code === 'unavailable' ? 503 : 401);
  }
  const started = await attempt(() => context.signIn.signInBy(identity, visit.origin), ['unauthenticated']);
  if (started instanceof OutkitError) return visit.show(strangerPage(provider), 401);
  return visit.enter(started.credential, opened.next);
}

/** The way to the identity provider, for a page by which people come in; nothing without one. */
export function elsewhereForm(formToken: Html, next: string, label: string | null): Html | null {
  if (label === null) return null;
  return html`<p class="or"><span>or</span></p>
<form method="post" action="/sign-in/oidc">
${formToken}<input type="hidden" name="next" value="${next}">
<button class="secondary">Continue with ${label}</button>
</form>`;
}

function leavingPage(url: string, { label }: IdentityProvider): Page {
  const body = html`<h1>On to ${label}</h1>
<p>You sign in there, and come back here.</p>
<p><a class="button" href="${url}">Continue</a></p>`;
  return { title: `On to ${label}`, body };
}

const BACK = html`<p><a class="button" href="/sign-in">Back to sign in</a></p>`;

function startAgainPage({ label }: IdentityProvider): Page {
  const body = html`<h1>Start again</h1>
<p>This sign-in by ${label} took longer than 10 minutes, was finished before, or began in another browser.</p>
${BACK}`;
  return { title: 'Start again', body, isProblem: true };
}

function refusedPage({ label }: IdentityProvider): Page {
  const body = html`<h1>Not signed in</h1>
<p>${label} did not confirm who you are. Try again, or sign in with your password.</p>
${BACK}`;
  return { title: 'Not signed in', body, isProblem: true };
}

function strangerPage({ label }: IdentityProvider): Page {
  const body = html`<h1>No account here</h1>
<p>${label} knows you, but this server has no account for your address there. Ask an owner or admin of a team for an invitation, and open its link first.</p>
${BACK}`;
  return { title: 'No account here', body, isProblem: true };
}
