import type { FastifyInstance } from 'fastify';
import { OutkitError } from '../../core/errors.ts';

const FORM_TYPE = 'application/x-www-form-urlencoded';

/** The fields of a form, each once. Has no prototype. */
export type Form = Readonly<Record<string, string>>;

const MAX_FORM_BYTES = 16 * 1024;
const MAX_FIELDS = 20;
const FIELD_NAME = /^[a-z][a-z_]{0,39}$/;

/** From here on the routes of `app` take forms, and nothing else. */
export function takeForms(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(FORM_TYPE, { parseAs: 'buffer', bodyLimit: MAX_FORM_BYTES }, (_request, body, done) => {
    try {
      done(null, parseForm((body as Buffer).toString('latin1')));
    } catch (error) {
      done(error as Error);
    }
  });
}

/** Reads `application/x-www-form-urlencoded` text, of a body or a query, strictly: `bad_request` for what no browser would write. */
export function parseForm(text: string): Form {
  const fields: Record<string, string> = Object.create(null);
  if (text === '') return fields;
  const pairs = text.split('&', MAX_FIELDS + 1);
  if (pairs.length > MAX_FIELDS) throw malformed('has too many fields');
  for (const pair of pairs) {
    const end = pair.indexOf('=');
    const name = end === -1 ? pair : pair.slice(0, end);
    if (!FIELD_NAME.test(name)) throw malformed('has a field whose name no form has');
    if (name in fields) throw malformed('has a field twice');
    fields[name] = end === -1 ? '' : decoded(pair.slice(end + 1));
  }
  return fields;
}

function decoded(text: string): string {
  // Browsers escape everything else: what comes bare was written by something that means another encoding.
  if (!/^[\x20-\x7e]*$/.test(text)) throw malformed('has characters that are not escaped');
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw malformed('is not UTF-8 in percent encoding');
  }
}

function malformed(what: string): OutkitError {
  return new OutkitError('bad_request', `The form ${what}`, `send ${FORM_TYPE}, each field once`);
}
