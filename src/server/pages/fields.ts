import * as v from 'valibot';
import { describeIssue } from '../../api/read-input.ts';
import { PASSWORD_LENGTH } from '../../core/accounts.ts';
import { OutkitError } from '../../core/errors.ts';
import type { Form } from './form-body.ts';
import { type Html, html } from './html.ts';
import { waitText } from './words.ts';

/** A form as it is shown: what was typed, and what is wrong with it. */
export interface FormState {
  readonly values: Form;
  /** By field: a rule such as `must be an e-mail address`. */
  readonly problems: Form;
  /** What is wrong with all of it, as a sentence. */
  readonly alert: string | null;
}

export const EMPTY_FORM: FormState = { values: {}, problems: {}, alert: null };

export type FieldsRead<Fields> =
  | { readonly kind: 'good'; readonly fields: Fields }
  | { readonly kind: 'wrong'; readonly state: FormState };

/** Reads a form by its schema. Throws `bad_request` for a field too many or too few, which no form of ours sends. */
export function readFields<Schema extends v.GenericSchema>(
  schema: Schema,
  values: Form,
): FieldsRead<v.InferOutput<Schema>> {
  const read = v.safeParse(schema, values, { abortPipeEarly: true });
  if (read.success) return { kind: 'good', fields: read.output };
  const problems: Record<string, string> = {};
  for (const issue of read.issues) {
    const name = String(issue.path?.[0]?.key ?? '');
    if (issue.expected === 'never' || typeof values[name] !== 'string') {
      throw new OutkitError('bad_request', describeIssue(issue));
    }
    problems[name] ??= issue.message;
  }
  return { kind: 'wrong', state: { values, problems, alert: null } };
}

/** For a schema with `password` and `password_again`. */
export function isRepeated({ password, password_again }: { password: string; password_again: string }): boolean {
  return password === password_again;
}

export const REPEATED_RULE = 'must be the same as the password above';

interface Field {
  readonly name: string;
  readonly label: string;
  readonly type?: 'text' | 'email' | 'password';
  readonly autocomplete: string;
  readonly hint?: string;
  /** None for passwords: a browser would cut what is pasted, and say nothing. */
  readonly maxLength?: number;
  readonly isFirst?: boolean;
  readonly isCode?: boolean;
}

/** A labelled field with what was typed, except a password, and with what is wrong with it. */
export function field({ values, problems }: FormState, input: Field): Html {
  const { name, label, type = 'text', autocomplete, hint, maxLength } = input;
  const problem = problems[name];
  const value = type === 'password' ? '' : (values[name] ?? '');
  const notes = [hint === undefined ? '' : `${name}_hint`, problem === undefined ? '' : `${name}_problem`];
  const described = notes.filter((id) => id !== '').join(' ');
  const attributes = html`${maxLength === undefined ? null : html` maxlength="${maxLength}"`}${
    described === '' ? null : html` aria-describedby="${described}"`
  }${problem === undefined ? null : html` aria-invalid="true"`}${input.isFirst === true ? html` autofocus` : null}${
    input.isCode === true ? html` class="code" autocapitalize="characters"` : null
  }`;
  return html`<div class="field">
<label for="${name}">${label}</label>
${hint === undefined ? null : html`<p class="hint" id="${name}_hint">${hint}</p>`}
<input id="${name}" name="${name}" type="${type}" value="${value}" autocomplete="${autocomplete}" spellcheck="false" required${attributes}>
${problem === undefined ? null : html`<p class="problem" id="${name}_problem">This ${problem}.</p>`}
</div>`;
}

/** A new password, twice: without scripts it cannot be shown to whoever types it. */
export function newPasswordFields(state: FormState, label = 'Password'): Html {
  const both = { type: 'password', autocomplete: 'new-password' } as const;
  const hint = `At least ${PASSWORD_LENGTH.min} characters. A few words are good.`;
  return html`${field(state, { ...both, name: 'password', label, hint })}
${field(state, { ...both, name: 'password_again', label: `${label} again` })}`;
}

/** For password managers, which keep a password under the name that its form has. It is not sent. */
export function userName(email: string): Html {
  return html`<input type="email" autocomplete="username" value="${email}" readonly hidden>`;
}

export function alertHtml(text: string | null): Html | null {
  return text === null ? null : html`<p class="alert" role="alert">${text}</p>`;
}

/** For `rate_limited`. */
export function waitSentence({ retryAfterMs }: OutkitError): string {
  const wait = retryAfterMs === null ? 'later' : `in ${waitText(retryAfterMs)}`;
  return `That was tried too often. Try again ${wait}.`;
}
