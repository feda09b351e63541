import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Origin } from '../../core/accounts.ts';
import { OutkitError } from '../../core/errors.ts';
import type { SignedIn } from '../../core/sign-in-service.ts';
import { newToken } from '../../core/token.ts';
import type { DashboardFiles } from '../dashboard/dashboard-files.ts';
import { sendDashboard } from '../dashboard/send-dashboard.ts';
import { tellRetryAfter } from '../error-response.ts';
import { originOf } from '../request-origin.ts';
import { type Form, parseForm } from './form-body.ts';
import { type Html, html } from './html.ts';
import { layout, type Page } from './layout.ts';
import type { Notice, PageContext } from './page-context.ts';

interface Sender {
  readonly who: SignedIn | null;
  readonly origin: Origin;
  readonly holder: string;
}

/** One request of a browser for a page: who sent it, and the ways to answer it. */
export class Visit {
  /** `null` when nobody is signed in. */
  readonly who: SignedIn | null;
  readonly origin: Origin;
  /** Whom tokens and seals are for: the session, or the browser where nobody is signed in. */
  readonly holder: string;
  /** What a form sent, from a page that this very browser and session were shown; empty for a GET. */
  readonly form: Form;
  readonly #context: PageContext;
  readonly #request: FastifyRequest;
  readonly #reply: FastifyReply;

  private constructor(context: PageContext, request: FastifyRequest, reply: FastifyReply, sender: Sender) {
    this.#context = context;
    this.#request = request;
    this.#reply = reply;
    this.who = sender.who;
    this.origin = sender.origin;
    this.holder = sender.holder;
    this.form = request.method === 'POST' ? checkedForm(context, request, sender) : {};
  }

  /** Throws `forbidden` for a form without the token of its session or browser. */
  static async of(context: PageContext, request: FastifyRequest, reply: FastifyReply): Promise<Visit> {
    const { cookies, findSession } = context;
    const origin = originOf(request);
    const credential = cookies.session.read(request);
    const found = credential === null ? null : await findSession(credential);
    if (found !== null) {
      const who = { ...found, origin };
      return new Visit(context, request, reply, { who, origin, holder: `session ${found.session.id}` });
    }
    const browser = cookies.browser.read(request) ?? newBrowser(context, reply);
    return new Visit(context, request, reply, { who: null, origin, holder: `browser ${browser}` });
  }

  query(): Form {
    const { url } = this.#request;
    const start = url.indexOf('?');
    return start === -1 ? {} : parseForm(url.slice(start + 1));
  }

  get url(): URL {
    return new URL(this.#request.url, this.#context.publicUrl);
  }

  param(name: string): string {
    return (this.#request.params as Readonly<Record<string, string>>)[name] ?? '';
  }

  /** The hidden field that every form needs. */
  get formToken(): Html {
    const token = this.#context.formTokens.tokenOf(this.holder);
    return html`<input type="hidden" name="form_token" value="${token}">`;
  }

  show(page: Page, status = 200): FastifyReply {
    const viewer = this.who === null ? null : { person: this.who.person, formToken: this.formToken };
    return this.#reply.code(status).type('text/html; charset=utf-8').send(layout(page, viewer).text);
  }

  showDashboard(files: DashboardFiles): FastifyReply {
    return sendDashboard(files, this.#request, this.#reply, this.#context.publicUrl);
  }

  /** To another page of ours, always by GET. `notice` is what that page tells once. */
  goTo(path: string, notice: Notice | null = null): FastifyReply {
    const told = notice === null ? '' : `?notice=${this.#context.seals.notice.close(notice, this.holder)}`;
    return this.#reply.code(303).header('location', `${path}${told}`).send();
  }

  /** To another site, by way of a page: a redirect of a form could go no further than the policy lets forms go. */
  leaveFor(url: string, page: Page): FastifyReply {
    this.#reply.header('refresh', `0; url=${url}`);
    return this.show(page);
  }

  /** Signs the browser in and goes on; the session is new, so that none can be planted before. */
  enter(credential: string, path: string): FastifyReply {
    this.setCookie(this.#context.cookies.session.set(credential));
    return this.goTo(path);
  }

  setCookie(value: string): void {
    this.#reply.header('set-cookie', value);
  }

  /** For how long trying again is useless, for programs; pages say it in words. */
  retryAfter(error: OutkitError): void {
    tellRetryAfter(error, this.#reply);
  }

  get notice(): Notice | null {
    return this.#context.seals.notice.open(this.query()['notice'] ?? '', this.holder);
  }

  /** The cookie that was kept while the person was at the identity provider; it serves once. */
  takeElsewhere(): string | null {
    const { elsewhere } = this.#context.cookies;
    this.setCookie(elsewhere.clear());
    return elsewhere.read(this.#request);
  }
}

function checkedForm({ formTokens }: PageContext, { body }: FastifyRequest, { holder }: Sender): Form {
  if (body === undefined) throw new OutkitError('unsupported_media_type', 'The body is no form');
  const { form_token: token = '', ...fields } = body as Form;
  if (formTokens.isTokenOf(holder, token)) return fields;
  throw new OutkitError('forbidden', 'This form is from before you signed in or out, or from another browser.');
}

function newBrowser({ cookies, fillRandom }: PageContext, reply: FastifyReply): string {
  const browser = newToken(fillRandom);
  reply.header('set-cookie', cookies.browser.set(browser));
  return browser;
}
