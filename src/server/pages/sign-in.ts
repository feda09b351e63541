import type { FastifyReply } from 'fastify';
import * as v from 'valibot';
import { email } from '../../api/people.ts';
import { readInput } from '../../api/read-input.ts';
import { OutkitError } from '../../core/errors.ts';
import { attempt } from './attempt.ts';
import { alertHtml, EMPTY_FORM, type FormState, field, readFields, waitSentence } from './fields.ts';
import { type Html, html } from './html.ts';
import type { Page } from './layout.ts';
import type { PageContext } from './page-context.ts';
import { nextPath, type PageRoute } from './page-route.ts';
import { elsewhereForm } from './sign-in-elsewhere.ts';
import type { Visit } from './visit.ts';

const query = v.strictObject({ next: nextPath });
const form = v.strictObject({
  next: nextPath,
  email,
  // Not the rule for new passwords: a wrong one is wrong whatever its length, and is told in the same words.
  password: v.pipe(v.string(), v.nonEmpty('must not be empty'), v.maxLength(1024, 'is too long')),
});

export const signInRoutes: readonly PageRoute[] = [
  {
    method: 'GET',
    path: '/sign-in',
    handle: async (visit, context) => {
      const { next } = readInput(query, visit.query());
      if (visit.who !== null) return visit.goTo(next);
      return (await context.signIn.isSetUp()) ? showSignIn(visit, context, next) : visit.goTo('/');
    },
  },
  {
    method: 'POST',
    path: '/sign-in',
    handle: async (visit, context) => {
      const typed = visit.form;
      const next = readInput(nextPath, typed['next']);
      const read = readFields(form, typed);
      if (read.kind === 'wrong') return showSignIn(visit, context, next, { status: 400, state: read.state });
      const { fields } = read;
      const started = await attempt(
        () => context.signIn.signIn(fields.email, fields.password, visit.origin),
        ['unauthenticated', 'rate_limited'],
      );
      if (!(started instanceof OutkitError)) return visit.enter(started.credential, next);
      return refuseSignIn(visit, context, { next, values: typed, error: started });
    },
  },
  {
    method: 'POST',
    path: '/sign-out',
    handle: async (visit, { me, cookies }) => {
      const { next } = readInput(query, visit.form);
      if (visit.who !== null) await me(visit.who).signOut();
      visit.setCookie(cookies.session.clear());
      return visit.goTo(next);
    },
  },
];

function refuseSignIn(
  visit: Visit,
  context: PageContext,
  { next, values, error }: { next: string; values: FormState['values']; error: OutkitError },
): FastifyReply {
  const isLimited = error.code === 'rate_limited';
  if (isLimited) visit.retryAfter(error);
  const alert = isLimited ? waitSentence(error) : 'Address and password do not fit together. Check both and try again.';
  const state = { values, problems: {}, alert };
  return showSignIn(visit, context, next, { status: isLimited ? 429 : 401, state });
}

function showSignIn(
  visit: Visit,
  { provider }: PageContext,
  next: string,
  { status, state }: { status: number; state: FormState } = { status: 200, state: EMPTY_FORM },
): FastifyReply {
  return visit.show(signInPage(visit.formToken, { next, state, providerLabel: provider?.label ?? null }), status);
}

function signInPage(
  formToken: Html,
  { next, state, providerLabel }: { next: string; state: FormState; providerLabel: string | null },
): Page {
  const body = html`<h1>Sign in</h1>
${next === '/device' ? html`<p>Then you can let the program in that waits for you.</p>` : null}
${alertHtml(state.alert)}
<form method="post" action="/sign-in">
${formToken}<input type="hidden" name="next" value="${next}">
${field(state, { name: 'email', label: 'E-mail address', type: 'email', autocomplete: 'username', maxLength: 254, isFirst: true })}
${field(state, { name: 'password', label: 'Password', type: 'password', autocomplete: 'current-password' })}
<button>Sign in</button>
</form>
${elsewhereForm(formToken, next, providerLabel)}
<p class="hint"><a href="/forgot">Forgot your password?</a> No account? An owner or admin of a team can send you an invitation.</p>`;
  return { title: 'Sign in', body, isProblem: state !== EMPTY_FORM };
}
