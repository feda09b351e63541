import * as v from 'valibot';
import { email, password } from '../../api/people.ts';
import { readInput } from '../../api/read-input.ts';
import { OutkitError } from '../../core/errors.ts';
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
import { linkToken, type PageRoute } from './page-route.ts';

const forgotForm = v.strictObject({ email });
const query = v.strictObject({ token: linkToken });
const form = v.pipe(
  v.strictObject({ token: linkToken, password, password_again: v.string() }),
  v.forward(v.partialCheck([['password'], ['password_again']], isRepeated, REPEATED_RULE), ['password_again']),
);

/** For people who forgot their password. */
export const resetRoutes: readonly PageRoute[] = [
  {
    method: 'GET',
    path: '/forgot',
    handle: async (visit, { signIn }) =>
      visit.show(signIn.canMailReset() ? forgotPage(visit.formToken, EMPTY_FORM) : askOperatorPage()),
  },
  {
    method: 'POST',
    path: '/forgot',
    handle: async (visit, { signIn }) => {
      const read = readFields(forgotForm, visit.form);
      if (read.kind === 'wrong') return visit.show(forgotPage(visit.formToken, read.state), 400);
      const sent = await attempt(() => signIn.requestReset(read.fields.email, visit.origin), ['rate_limited']);
      if (!(sent instanceof OutkitError)) return visit.show(sentPage());
      visit.retryAfter(sent);
      const state = { values: visit.form, problems: {}, alert: waitSentence(sent) };
      return visit.show(forgotPage(visit.formToken, state), 429);
    },
  },
  {
    method: 'GET',
    path: '/reset',
    handle: async (visit, { signIn }) => {
      const read = v.safeParse(query, visit.query());
      if (!read.success) return visit.show(endedPage(), 404);
      const { token } = read.output;
      const person = await attempt(() => signIn.findReset(token, visit.origin), ['not_found']);
      if (person instanceof OutkitError) return visit.show(endedPage(), 404);
      return visit.show(resetPage(visit.formToken, { token, email: person.email, state: EMPTY_FORM }));
    },
  },
  {
    method: 'POST',
    path: '/reset',
    handle: async (visit, { signIn }) => {
      const token = readInput(linkToken, visit.form['token']);
      const read = readFields(form, visit.form);
      const done = await attempt(async () => {
        if (read.kind === 'good') return signIn.resetPassword(token, read.fields.password, visit.origin);
        return signIn.findReset(token, visit.origin);
      }, ['not_found']);
      if (done instanceof OutkitError) return visit.show(endedPage(), 404);
      if ('credential' in done) return visit.enter(done.credential, '/');
      const state = read.kind === 'wrong' ? read.state : EMPTY_FORM;
      return visit.show(resetPage(visit.formToken, { token, email: done.email, state }), 400);
    },
  },
];

function forgotPage(formToken: Html, state: FormState): Page {
  const body = html`<h1>A new password</h1>
<p>We send a link to your address, by which you set one.</p>
${alertHtml(state.alert)}
<form method="post" action="/forgot">
${formToken}${field(state, { name: 'email', label: 'E-mail address', type: 'email', autocomplete: 'username', maxLength: 254, isFirst: true })}
<button>Send the link</button>
</form>
<p><a href="/sign-in">Back to sign in</a></p>`;
  return { title: 'A new password', body, isProblem: state !== EMPTY_FORM };
}

/** The same for every address: nobody learns who has an account. */
function sentPage(): Page {
  const body = html`<h1>Look into your mail</h1>
<p>If there is an account for that address, a link is on its way. It is good for an hour.</p>
<p><a class="button secondary" href="/sign-in">Back to sign in</a></p>`;
  return { title: 'Look into your mail', body };
}

function askOperatorPage(): Page {
  const body = html`<h1>A new password</h1>
<p>This server sends no mail. Ask whoever runs it for a link: they get one by starting it with <code>outkit serve --reset-password</code> and your address.</p>
<p><a class="button secondary" href="/sign-in">Back to sign in</a></p>`;
  return { title: 'A new password', body };
}

function resetPage(formToken: Html, { token, email, state }: { token: string; email: string; state: FormState }): Page {
  const body = html`<h1>A new password</h1>
<p>For ${email}. It signs you out everywhere else.</p>
${alertHtml(state.alert)}
<form method="post" action="/reset">
${formToken}<input type="hidden" name="token" value="${token}">${userName(email)}
${newPasswordFields(state)}
<button>Set the password</button>
</form>`;
  return { title: 'A new password', body, isProblem: state !== EMPTY_FORM };
}

function endedPage(): Page {
  const body = html`<h1>This link opens nothing any more</h1>
<p>A link for a new password works once, within an hour, and only the newest one does.</p>
<p><a class="button" href="/forgot">Ask for another one</a></p>`;
  return { title: 'This link opens nothing any more', body, isProblem: true };
}
