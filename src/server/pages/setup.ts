import type { FastifyReply } from 'fastify';
import * as v from 'valibot';
import { name } from '../../api/bounds.ts';
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
  waitSentence,
} from './fields.ts';
import { type Html, html } from './html.ts';
import type { Page } from './layout.ts';
import { linkToken, type PageRoute } from './page-route.ts';
import type { Visit } from './visit.ts';

const query = v.strictObject({ token: linkToken });
const form = v.pipe(
  v.strictObject({ token: linkToken, email, name, password, password_again: v.string(), team_name: name }),
  v.forward(v.partialCheck([['password'], ['password_again']], isRepeated, REPEATED_RULE), ['password_again']),
);

export const setupRoutes: readonly PageRoute[] = [
  {
    method: 'GET',
    path: '/setup',
    handle: async (visit, { signIn }) => {
      if (await signIn.isSetUp()) return visit.show(doneBeforePage(), 410);
      const read = v.safeParse(query, visit.query());
      if (!read.success) return visit.show(noLinkPage(), 404);
      return visit.show(setupPage(visit.formToken, read.output.token, EMPTY_FORM));
    },
  },
  {
    method: 'POST',
    path: '/setup',
    handle: async (visit, { signIn }) => {
      const typed = visit.form;
      const token = readInput(linkToken, typed['token']);
      if (await signIn.isSetUp()) return visit.show(doneBeforePage(), 410);
      const read = readFields(form, typed);
      if (read.kind === 'wrong') return visit.show(setupPage(visit.formToken, token, read.state), 400);
      const { team_name: teamName, password_again: _, ...account } = read.fields;
      const started = await attempt(
        () => signIn.setUp({ ...account, teamName }, visit.origin),
        ['unauthenticated', 'rate_limited'],
      );
      if (!(started instanceof OutkitError)) return visit.enter(started.credential, '/');
      return refuseSetup(visit, token, { values: typed, error: started });
    },
  },
];

function refuseSetup(
  visit: Visit,
  token: string,
  { values, error }: { values: FormState['values']; error: OutkitError },
): FastifyReply {
  const isLimited = error.code === 'rate_limited';
  if (isLimited) visit.retryAfter(error);
  const alert = isLimited
    ? waitSentence(error)
    : 'This setup link is not valid any more. Restart the server and open the link that it prints then.';
  const page = setupPage(visit.formToken, token, { values, problems: {}, alert });
  return visit.show(page, isLimited ? 429 : 401);
}

function setupPage(formToken: Html, token: string, state: FormState): Page {
  const body = html`<h1>Set this server up</h1>
<p>You are its first owner. Others come in by invitation.</p>
${alertHtml(state.alert)}
<form method="post" action="/setup">
${formToken}<input type="hidden" name="token" value="${token}">
${field(state, { name: 'email', label: 'Your e-mail address', type: 'email', autocomplete: 'username', maxLength: 254, isFirst: true })}
${field(state, { name: 'name', label: 'Your name', autocomplete: 'name', maxLength: 64 })}
${newPasswordFields(state)}
${field(state, { name: 'team_name', label: 'Name of your team', autocomplete: 'organization', hint: 'Profiles and keys belong to a team. It can be renamed later.', maxLength: 64 })}
<button>Set up</button>
</form>`;
  return { title: 'Set up', body, isProblem: state !== EMPTY_FORM };
}

function noLinkPage(): Page {
  const body = html`<h1>The link is not whole</h1>
<p>The server writes the setup link to its output when it starts. Copy all of it, with what follows <code>/setup?token=</code>.</p>`;
  return { title: 'The link is not whole', body, isProblem: true };
}

function doneBeforePage(): Page {
  const body = html`<h1>This server is set up</h1>
<p>The setup link served once, and is of no use any more. Sign in, or ask an owner or admin of a team for an invitation.</p>
<p><a class="button" href="/sign-in">Sign in</a></p>`;
  return { title: 'This server is set up', body, isProblem: true };
}
