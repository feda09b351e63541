import * as v from 'valibot';
import { ERRORS, type ErrorCode, type OutkitError } from '../core/errors.ts';

/** Media type and body of a control API error: RFC 9457, with our code and a hint as extensions. The request's id is in its header
 * only, so that a foreign and a missing id are answered byte for byte alike. */
export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

export function problemJson(error: OutkitError) {
  const { status, name } = ERRORS[error.code];
  return {
    type: `urn:outkit:error:${error.code}`,
    title: name,
    status: status ?? 500,
    detail: error.message,
    code: error.code,
    hint: error.hint,
  };
}

/** What a client reads of a problem. A code that it does not know is left to its fallback. */
export const problemAnswer = v.object({
  detail: v.string(),
  code: v.pipe(
    v.string(),
    v.check((code): code is ErrorCode => Object.hasOwn(ERRORS, code)),
  ),
  hint: v.optional(v.nullable(v.string()), null),
});
