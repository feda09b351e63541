import type { FastifyReply } from 'fastify';
import * as v from 'valibot';
import { name } from '../../api/bounds.ts';
import { password } from '../../api/people.ts';
import { readInput, readParams } from '../../api/read-input.ts';
import { withArticle } from '../../core/authorization.ts';
import { OutkitError } from '../../core/errors.ts';
import type { OpenInvitation } from '../../core/sign-in-service.ts';
import { attempt } from './attempt.ts';
import {
  EMPTY_FORM,
  type FormState,
  field,
  isRepeated,
  newPasswordFields,
  REPEATED_RULE,
  readFields,
  userName,
} from './fields.ts';
import { PLAIN_HOME_PATH } from './home.ts';
import { type Html, html } from './html.ts';
import type { Page } from './layout.ts';
import type { IdentityProvider } from './page-options.ts';
import { linkToken, type PageRoute, signInPath } from './page-route.ts';
import { elsewhereForm } from './sign-in-elsewhere.ts';
import type { Visit } from './visit.ts';
import { timeHtml } from './words.ts';

const params = v.strictObject({ token: linkToken });
const form = v.pipe(
  v.strictObject({ name, password, password_again: v.string() }),
  v.forward(v.partialCheck([['password'], ['password_again']], isRepeated, REPEATED_RULE), ['password_again']),
);

export const invitationRoutes: readonly PageRoute[] = [
  {
    method: 'GET',
    path: '/invitation/:token',
    handle: async (visit, { signIn, provider }) => {
      const token = tokenOf(visit);
      return showInvitation(visit, token, await signIn.findInvitation(token, visit.origin), labelOf(provider));
    },
  },
  {
    method: 'POST',
    path: '/invitation/:token',
    handle: async (visit, { signIn, provider }) => {
      const token = tokenOf(visit);
      const label = labelOf(provider);
      const typed = visit.form;
      const read = readFields(form, typed);
      if (read.kind === 'wrong') {
        const invitation = await signIn.findInvitation(token, visit.origin);
        return visit.show(newAccountPage(visit.formToken, { token, invitation, state: read.state, label }), 400);
      }
      const account = { name: read.fields.name, password: read.fields.password };
      const started = await attempt(() => signIn.acceptInvitation(token, account, visit.origin), ['unauthenticated']);
      // The address got an account meanwhile: the page of the link says now how to go on.
      if (started instanceof OutkitError) return visit.goTo(`/invitation/${token}`);
      return visit.enter(started.credential, '/');
    },
  },
  {
    method: 'POST',
    path: '/invitation/:token/join',
    handle: async (visit, { signIn }) => {
      const token = tokenOf(visit);
      readInput(v.strictObject({}), visit.form);
      if (visit.who === null) return visit.goTo(signInPath(`/invitation/${token}`));
      const { who } = visit;
      const joined = await attempt(() => signIn.acceptInvitationAs(who, token), ['forbidden']);
      return joined instanceof OutkitError ? visit.goTo(`/invitation/${token}`) : visit.goTo(PLAIN_HOME_PATH, 'joined');
    },
  },
];

function tokenOf(visit: Visit): string {
  return readParams(params, { token: visit.param('token') }).token;
}

function labelOf(provider: IdentityProvider | null): string | null {
  return provider?.label ?? null;
}

function showInvitation(visit: Visit, token: string, invitation: OpenInvitation, label: string | null): FastifyReply {
  const { who, formToken } = visit;
  if (who !== null && who.person.email === invitation.email) return visit.show(joinPage(formToken, token, invitation));
  if (who !== null) return visit.show(otherPersonPage(formToken, { token, invitation, email: who.person.email }));
  if (invitation.hasAccount) return visit.show(signInFirstPage(token, invitation));
  return visit.show(newAccountPage(formToken, { token, invitation, state: EMPTY_FORM, label }));
}

interface Shown {
  readonly token: string;
  readonly invitation: OpenInvitation;
}

const titleOf = ({ teamName }: OpenInvitation) => `Join ${teamName}`;

function described({ teamName, email, role, expiresAt }: OpenInvitation): Html {
  return html`<h1>Join ${teamName}</h1>
<p class="lead">You are invited as <strong>${withArticle(role)}</strong>.</p>
<dl>
<div><dt>For</dt><dd>${email}</dd></div>
<div><dt>Open until</dt><dd>${timeHtml(expiresAt)}</dd></div>
</dl>`;
}

function newAccountPage(
  formToken: Html,
  { token, invitation, state, label }: Shown & { state: FormState; label: string | null },
): Page {
  const body = html`${described(invitation)}
<form method="post" action="/invitation/${token}">
${formToken}${userName(invitation.email)}
${field(state, { name: 'name', label: 'Your name', autocomplete: 'name', maxLength: 64, isFirst: true })}
${newPasswordFields(state)}
<button>Make an account and join</button>
</form>
${elsewhereForm(formToken, '/', label)}`;
  return { title: titleOf(invitation), body, isProblem: state !== EMPTY_FORM };
}

function joinPage(formToken: Html, token: string, invitation: OpenInvitation): Page {
  const body = html`${described(invitation)}
<form method="post" action="/invitation/${token}/join">${formToken}<button>Join</button></form>`;
  return { title: titleOf(invitation), body };
}

function signInFirstPage(token: string, invitation: OpenInvitation): Page {
  const body = html`${described(invitation)}
<p>There is an account for this address. Sign in with it, and you come back here to join.</p>
<p><a class="button" href="${signInPath(`/invitation/${token}`)}">Sign in to join</a></p>`;
  return { title: titleOf(invitation), body };
}

function otherPersonPage(formToken: Html, { token, invitation, email }: Shown & { email: string }): Page {
  const body = html`${described(invitation)}
<p class="alert">You are signed in as ${email}, and this invitation is for another address.</p>
<form method="post" action="/sign-out">
${formToken}<input type="hidden" name="next" value="/invitation/${token}">
<button>Sign out and go on</button>
</form>`;
  return { title: titleOf(invitation), body };
}
