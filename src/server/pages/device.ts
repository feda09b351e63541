import type { FastifyReply } from 'fastify';
import * as v from 'valibot';
import { readInput } from '../../api/read-input.ts';
import { OutkitError } from '../../core/errors.ts';
import type { SignedIn } from '../../core/sign-in-service.ts';
import { isLoopback } from '../host-guard.ts';
import { attempt } from './attempt.ts';
import { alertHtml, EMPTY_FORM, type FormState, field, readFields, waitSentence } from './fields.ts';
import { type Html, html } from './html.ts';
import type { Page } from './layout.ts';
import type { DeviceInQuestion, PageContext } from './page-context.ts';
import { type PageRoute, signedInRoute } from './page-route.ts';
import type { Visit } from './visit.ts';
import { agoText, programName, spacedCode, timeHtml } from './words.ts';

/** As people type it: in any case, with dashes and spaces or without. */
const userCode = v.pipe(
  v.string(),
  v.maxLength(32, 'must be 8 letters, such as BCDF-GHJK'),
  v.transform((text) => text.replace(/[\s\u2010-\u2015-]/g, '').toUpperCase()),
  v.regex(/^[A-Z]{8}$/, 'must be 8 letters, such as BCDF-GHJK'),
);
const codeForm = v.strictObject({ user_code: userCode });
const answerForm = v.strictObject({ decision: v.picklist(['let_in', 'send_away'], 'must be one of the two buttons') });

/** The code is typed by the person, and never comes from a link: whoever sends somebody a link must not get in by it. */
export const deviceRoutes: readonly PageRoute[] = [
  signedInRoute('GET', '/device', '/device', async (visit) => visit.show(codePage(visit.formToken, EMPTY_FORM))),
  signedInRoute('POST', '/device', '/device', async (visit, { signIn, seals }, who) => {
    const typed = visit.form;
    const read = readFields(codeForm, typed);
    if (read.kind === 'wrong') return visit.show(codePage(visit.formToken, read.state), 400);
    const found = await attempt(() => signIn.findDevice(who, read.fields.user_code), ['not_found', 'rate_limited']);
    if (found instanceof OutkitError) return refuseCode(visit, typed, found);
    const { status: _, ...device } = found;
    // What was found travels in the address, sealed for this session: to look it up again would be one more try of the code.
    return visit.goTo(`/device/request/${seals.device.close(device, visit.holder)}`);
  }),
  signedInRoute('GET', '/device/request/:sealed', '/device', async (visit, context, who) => {
    const device = openedDevice(visit, context);
    if (device === null) return visit.show(endedPage(), 410);
    const path = `/device/request/${visit.param('sealed')}`;
    return visit.show(questionPage(who, { device, path, formToken: visit.formToken, now: context.clock.now() }));
  }),
  signedInRoute('POST', '/device/request/:sealed', '/device', async (visit, context, who) => {
    const { decision } = readInput(answerForm, visit.form);
    const device = openedDevice(visit, context);
    if (device === null) return visit.show(endedPage(), 410);
    const isApproved = decision === 'let_in';
    const answer = await context.signIn.answerDevice(who, device.userCode, isApproved);
    if (answer !== 'answered') return visit.show(endedPage(), 410);
    return visit.goTo('/device/result', isApproved ? 'let_in' : 'sent_away');
  }),
  signedInRoute('GET', '/device/result', '/device', async (visit) => {
    const { notice } = visit;
    if (notice === 'let_in') return visit.show(letInPage());
    return notice === 'sent_away' ? visit.show(sentAwayPage()) : visit.goTo('/device');
  }),
];

function openedDevice(visit: Visit, { seals, clock }: PageContext): DeviceInQuestion | null {
  const device = seals.device.open(visit.param('sealed'), visit.holder);
  return device !== null && clock.now() < device.expiresAt ? device : null;
}

function refuseCode(visit: Visit, values: FormState['values'], error: OutkitError): FastifyReply {
  const isLimited = error.code === 'rate_limited';
  if (isLimited) visit.retryAfter(error);
  const alert = isLimited
    ? waitSentence(error)
    : 'No program waits with this code. A code serves once, for 10 minutes: check it, or run outkit login again for a new one.';
  return visit.show(codePage(visit.formToken, { values, problems: {}, alert }), isLimited ? 429 : 404);
}

function codePage(formToken: Html, state: FormState): Page {
  const body = html`<h1>Let a program in</h1>
<p>Type the code that your terminal shows after <code>outkit login</code>.</p>
${alertHtml(state.alert)}
<form method="post" action="/device">
${formToken}
${field(state, { name: 'user_code', label: 'Code', autocomplete: 'off', maxLength: 32, isFirst: true, isCode: true })}
<button>Go on</button>
</form>
<p class="hint">Did somebody send you a code? Then do not type it: whoever started it would get into your account.</p>`;
  return { title: 'Let a program in', body, isProblem: state !== EMPTY_FORM };
}

interface Question {
  readonly device: DeviceInQuestion;
  readonly path: string;
  readonly formToken: Html;
  readonly now: number;
}

function questionPage({ person, origin }: SignedIn, { device, path, formToken, now }: Question): Page {
  const { agent, ip, requestedAt, expiresAt } = device;
  const isFromElsewhere = ip !== origin.ip && !(isLoopback(ip) && isLoopback(origin.ip));
  const body = html`<h1>Is this you?</h1>
<p>A program wants to act as <strong>${person.email}</strong>. Let it in only if you started it, and your terminal shows this code:</p>
<p class="shown-code">${spacedCode(device.userCode)}</p>
<dl>
<div><dt>Program</dt><dd class="agent">${programName(agent)}</dd></div>
<div><dt>Address</dt><dd>${ip}</dd></div>
<div><dt>Asked</dt><dd>${agoText(requestedAt, now)} <span class="hint">${timeHtml(requestedAt)}</span></dd></div>
<div><dt>Waits until</dt><dd>${timeHtml(expiresAt)}</dd></div>
</dl>
${isFromElsewhere ? html`<p class="alert" role="alert"><strong>It asks from another address than this browser.</strong> You are at ${origin.ip}. That is right when you work on another machine, over SSH for example. If you do not, send it away.</p>` : null}
<form method="post" action="${path}" class="choice">
${formToken}
<button name="decision" value="let_in">Let it in</button>
<button name="decision" value="send_away" class="secondary">Send it away</button>
</form>`;
  return { title: 'Is this you?', body };
}

function letInPage(): Page {
  const body = html`<h1>It is in</h1>
<p>Go back to your terminal: it goes on by itself. You can close this page.</p>
<p>Where you are signed in, and how to end that, is in <a href="/account">your account</a>.</p>`;
  return { title: 'It is in', body };
}

function sentAwayPage(): Page {
  const body = html`<h1>Sent away</h1>
<p>The program was refused and is told so. If you did not start it, nothing more is to be done.</p>
<p><a class="button secondary" href="/">Home</a></p>`;
  return { title: 'Sent away', body };
}

function endedPage(): Page {
  const body = html`<h1>Too late</h1>
<p>This request was answered before, or is older than 10 minutes. Run <code>outkit login</code> again and type the new code.</p>
<p><a class="button" href="/device">Type a code</a></p>`;
  return { title: 'Too late', body, isProblem: true };
}
