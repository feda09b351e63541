import * as v from 'valibot';
import { type ErrorCode, OutkitError } from '../core/errors.ts';

/** Reads input by a schema, or throws `code` with a line that names the place and the rule, never the value. */
export function readInput<Schema extends v.GenericSchema>(
  schema: Schema,
  input: unknown,
  code: ErrorCode = 'bad_request',
): v.InferOutput<Schema> {
  const read = v.safeParse(schema, input, { abortEarly: true, abortPipeEarly: true });
  if (read.success) return read.output;
  throw new OutkitError(code, describeIssue(read.issues[0]));
}

/** One line such as `name: must be 1 to 64 characters` or `unknown field "limit"`. */
export function describeIssue(issue: v.BaseIssue<unknown>): string {
  const place = (issue.path ?? []).map((item) => fieldName(item.key)).join('.');
  if (issue.expected === 'never') return `unknown field ${place}`;
  const missing = issue.received === 'undefined';
  // Messages of the library repeat the value that came in; ours do not.
  const rule = issue.message.startsWith('Invalid ') ? `must be ${issue.expected ?? 'something else'}` : issue.message;
  return `${place === '' ? 'the body' : place}: ${missing ? 'is missing' : rule}`;
}

/** A field's name comes from outside too: shown only when it is an ordinary word. */
function fieldName(key: unknown): string {
  return /^[A-Za-z_][A-Za-z_-]{0,39}$/.test(String(key)) || Number.isInteger(key) ? String(key) : '(unnamed)';
}

/** Reads ids of the path: one that no id looks like is simply not found. */
export function readParams<Schema extends v.GenericSchema>(schema: Schema, params: unknown): v.InferOutput<Schema> {
  const read = v.safeParse(schema, params);
  if (read.success) return read.output;
  throw new OutkitError('not_found', 'There is no such thing');
}
