import type { FastifyReply } from 'fastify';
import { ERRORS, type ErrorCode, OutkitError } from '../../core/errors.ts';
import { tellRetryAfter } from '../error-response.ts';
import { waitSentence } from './fields.ts';
import { html } from './html.ts';
import { layout, type Page } from './layout.ts';
import { setPageHeaders } from './page-headers.ts';

type Words = readonly [title: string, text: string];

/** In words of their own where the error's are for programs. */
const WORDS: Readonly<Partial<Record<ErrorCode, Words>>> = {
  not_found: ['Not here', 'There is no such page. Check the address, or begin at the first page.'],
  method_not_allowed: ['Not here', 'This address is for a form only. Begin at the first page.'],
  invitation_ended: [
    'This invitation has ended',
    'It was accepted or taken back, is too old, or its link is not whole. Ask whoever sent it for a new one.',
  ],
  input_too_large: ['Too much', 'The form has more in it than it takes.'],
  unsupported_media_type: ['Not a form', 'This address takes forms of its own pages only.'],
  internal: ['Something failed here', 'It is not your fault. Try again in a moment.'],
  unavailable: ['Not now', 'The server cannot answer right now. Try again in a moment.'],
};

/** The page for an error that no page tells in its own form. */
export function sendErrorPage(error: OutkitError, reply: FastifyReply, publicUrl: string): FastifyReply {
  setPageHeaders(reply, publicUrl);
  tellRetryAfter(error, reply);
  return reply
    .code(ERRORS[error.code].status ?? 500)
    .type('text/html; charset=utf-8')
    .send(layout(errorPage(error, reply.request.id), null).text);
}

/** A form that did not come from a page of ours, as far as anybody can tell. */
export function foreignForm(publicUrl: string): OutkitError {
  return new OutkitError(
    'forbidden',
    `This form was not sent from a page of this server. Open it at ${publicUrl} and try again.`,
  );
}

function errorPage(error: OutkitError, requestId: string): Page {
  const [title, text] = wordsFor(error);
  const body = html`<h1>${title}</h1>
<p>${text}</p>
${error.code === 'internal' ? html`<p class="hint">The server's log says more under <code>${requestId}</code>.</p>` : null}
<p><a class="button" href="/">To the first page</a></p>`;
  return { title, body, isProblem: true };
}

function wordsFor(error: OutkitError): Words {
  if (error.code === 'rate_limited') return ['Too often', waitSentence(error)];
  if (error.code === 'forbidden') return ['Not done', error.message];
  return (
    WORDS[error.code] ?? ['That did not work', 'The request is not as our pages send it. Begin at the first page.']
  );
}
