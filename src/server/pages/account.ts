import * as v from 'valibot';
import { password, sessionParams } from '../../api/people.ts';
import { readInput } from '../../api/read-input.ts';
import { OutkitError } from '../../core/errors.ts';
import type { SessionSummary } from '../../core/people-service.ts';
import type { SignedIn } from '../../core/sign-in-service.ts';
import { attempt } from './attempt.ts';
import {
  alertHtml,
  EMPTY_FORM,
  type FormState,
  field,
  isRepeated,
  newPasswordFields,
  REPEATED_RULE,
  readFields,
  userName,
  waitSentence,
} from './fields.ts';
import { type Html, html } from './html.ts';
import type { Page } from './layout.ts';
import type { Notice, PageContext } from './page-context.ts';
import { type PageRoute, signedInRoute } from './page-route.ts';
import type { Visit } from './visit.ts';
import { agoText, programName, timeHtml } from './words.ts';

const endForm = v.strictObject({ session: sessionParams.entries.sessionId });
const passwordForm = v.pipe(
  v.strictObject({
    current_password: v.pipe(v.string(), v.nonEmpty('must not be empty'), v.maxLength(1024, 'is too long')),
    password,
    password_again: v.string(),
  }),
  v.forward(v.partialCheck([['password'], ['password_again']], isRepeated, REPEATED_RULE), ['password_again']),
);

export const accountRoutes: readonly PageRoute[] = [
  signedInRoute('GET', '/account', '/account', (visit, context, who) =>
    showAccount(visit, context, who, { status: 200, state: EMPTY_FORM }),
  ),
  signedInRoute('POST', '/account/sessions/end', '/account', async (visit, { me }, who) => {
    const { session } = readInput(endForm, visit.form);
    // One that is gone already is what was wanted.
    await attempt(() => me(who).endSession(session), ['not_found']);
    return visit.goTo('/account', 'session_ended');
  }),
  signedInRoute('POST', '/account/sessions/end-others', '/account', async (visit, { me }, who) => {
    readInput(v.strictObject({}), visit.form);
    await me(who).endOtherSessions();
    return visit.goTo('/account', 'others_ended');
  }),
  signedInRoute('POST', '/account/password', '/account', async (visit, context, who) => {
    const read = readFields(passwordForm, visit.form);
    if (read.kind === 'wrong') return showAccount(visit, context, who, { status: 400, state: read.state });
    const { current_password: current, password: next } = read.fields;
    const refused = await attempt(
      () => context.signIn.changePassword(who, current, next),
      ['unauthenticated', 'rate_limited'],
    );
    if (!(refused instanceof OutkitError)) return visit.goTo('/account', 'password_changed');
    if (refused.code === 'unauthenticated') {
      const problems = { current_password: 'is not your current password' };
      return showAccount(visit, context, who, { status: 401, state: { ...EMPTY_FORM, problems } });
    }
    visit.retryAfter(refused);
    const state = { ...EMPTY_FORM, alert: waitSentence(refused) };
    return showAccount(visit, context, who, { status: 429, state });
  }),
];

interface Shown {
  readonly status: number;
  readonly state: FormState;
}

async function showAccount(visit: Visit, { me, clock }: PageContext, who: SignedIn, { status, state }: Shown) {
  const listed = await me(who).listSessions();
  const sessions = listed.toSorted((left, right) => Number(right.isCurrent) - Number(left.isCurrent));
  const { formToken, notice } = visit;
  return visit.show(accountPage(who, { sessions, state, formToken, notice, now: clock.now() }), status);
}

const NOTICES: Readonly<Partial<Record<Notice, string>>> = {
  password_changed: 'Your password is changed, and you are signed out everywhere else.',
  session_ended: 'That session has ended.',
  others_ended: 'You are signed out everywhere else.',
};

interface Account {
  readonly sessions: readonly SessionSummary[];
  readonly state: FormState;
  readonly formToken: Html;
  readonly notice: Notice | null;
  readonly now: number;
}

function accountPage({ person }: SignedIn, { sessions, state, formToken, notice, now }: Account): Page {
  const told = notice === null ? undefined : NOTICES[notice];
  const body = html`${told === undefined ? null : html`<p class="done" role="status">${told}</p>`}
<h1>Your account</h1>
<dl>
<div><dt>Name</dt><dd>${person.name}</dd></div>
<div><dt>E-mail</dt><dd>${person.email}</dd></div>
</dl>
<section aria-labelledby="sessions">
<h2 id="sessions">Where you are signed in</h2>
<ul class="rows">${sessions.map((session) => sessionRow(session, formToken, now))}</ul>
${sessions.length < 2 ? null : html`<form method="post" action="/account/sessions/end-others">${formToken}<button class="secondary">Sign out everywhere else</button></form>`}
</section>
<section aria-labelledby="password-change">
<h2 id="password-change">Change your password</h2>
<p>This signs you out everywhere else.</p>
${alertHtml(state.alert)}
<form method="post" action="/account/password">
${formToken}${userName(person.email)}
${field(state, { name: 'current_password', label: 'Current password', type: 'password', autocomplete: 'current-password' })}
${newPasswordFields(state, 'New password')}
<button>Change password</button>
</form>
</section>`;
  return { title: 'Your account', body, isWide: true, isProblem: state !== EMPTY_FORM };
}

function sessionRow({ id, usedAt, createdAt, ip, agent, isCurrent }: SessionSummary, token: Html, now: number): Html {
  const end = html`<form method="post" action="/account/sessions/end">${token}<input type="hidden" name="session" value="${id}"><button class="secondary small" aria-label="End the session from ${ip}, begun ${agoText(createdAt, now)}">End</button></form>`;
  return html`<li class="session">
<div>
<p><span class="name">${ip}</span> ${isCurrent ? html`<span class="tag current">this browser</span>` : null}</p>
<p class="agent">${programName(agent)}</p>
<p class="hint">Since ${timeHtml(createdAt)}, last used ${agoText(usedAt, now)}</p>
</div>
${isCurrent ? null : end}
</li>`;
}
