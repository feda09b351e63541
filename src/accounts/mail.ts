import { isIP } from 'node:net';
import { createTransport } from 'nodemailer';
import { isLoopbackHost } from '../core/loopback.ts';
import type { SendMail } from '../core/mail.ts';

/** How a mail server is reached, and in whose name mail is sent. */
export interface SmtpSettings {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte. Otherwise the connection becomes TLS by STARTTLS before anything is said; on loopback it need not. */
  readonly isImplicitTls: boolean;
  readonly login: { readonly user: string; readonly password: string } | null;
  /** An address, alone or as `Name <address>`. */
  readonly from: string;
}

const SEND_WITHIN_MS = 10_000;

/** One address and nothing that a header or a command could go on with. */
const ADDRESS = /^[^\s\p{C}<>"(),:;\\@]{1,64}@[A-Za-z0-9.-]{1,255}$/u;
const LINE = /^[^\p{C}\u2028\u2029]{1,200}$/u;

/** Sends mail by an SMTP server; without an answer in 10 s it counts as not taken. What fails is told to `onProblem`, without text and address. */
export function createMailer(smtp: SmtpSettings, onProblem: (what: string, error: unknown) => void): SendMail {
  const isLocal = isLoopbackHost(isIP(smtp.host) === 6 ? `[${smtp.host}]` : smtp.host);
  const transport = createTransport({
    host: smtp.host,
    port: smtp.port,
    secure: smtp.isImplicitTls,
    requireTLS: !isLocal,
    // A server of this machine has no certificate for its address.
    ignoreTLS: isLocal && !smtp.isImplicitTls,
    connectionTimeout: SEND_WITHIN_MS,
    greetingTimeout: SEND_WITHIN_MS,
    socketTimeout: SEND_WITHIN_MS,
    dnsTimeout: SEND_WITHIN_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(smtp.login === null ? {} : { auth: { user: smtp.login.user, pass: smtp.login.password } }),
  });
  return async ({ to, subject, text }) => {
    if (!ADDRESS.test(to) || !LINE.test(subject)) {
      onProblem('a mail was not sent: its address or subject is not one line', null);
      return false;
    }
    const timeout = Promise.withResolvers<never>();
    const timer = setTimeout(() => timeout.reject(new Error('no answer in time')), SEND_WITHIN_MS);
    try {
      const mail = { from: smtp.from, to: { name: '', address: to }, subject, text };
      const { accepted } = await Promise.race([transport.sendMail(mail), timeout.promise]);
      return accepted.length === 1;
    } catch (error) {
      onProblem('a mail could not be sent', new Error(reasonOf(error)));
      return false;
    } finally {
      clearTimeout(timer);
    }
  };
}

/** The kind of failure and the code that the server gave: its words may repeat the address. */
function reasonOf(error: unknown): string {
  const { code, responseCode, message } = error as { code?: unknown; responseCode?: unknown; message?: unknown };
  const kind = typeof code === 'string' ? code : message === 'no answer in time' ? message : 'failed';
  return typeof responseCode === 'number' ? `${kind} ${responseCode}` : kind;
}
