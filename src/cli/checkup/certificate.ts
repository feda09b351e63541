import { once } from 'node:events';
import { isIP } from 'node:net';
import { connect } from 'node:tls';

/** The certificate that a server shows. */
export interface Certificate {
  /** Why it is not trusted here, as OpenSSL and Node name it, such as `CERT_HAS_EXPIRED`; `null` when it is. */
  readonly problem: string | null;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

const TIMEOUT_MS = 5_000;

/** Rejects when there is no TLS server at the origin within five seconds. */
export async function readCertificate(url: string): Promise<Certificate> {
  const { hostname, port } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  // A certificate that is not trusted is looked at all the same: nothing is sent over this connection.
  const options = { host, port: Number(port === '' ? 443 : port), rejectUnauthorized: false };
  const socket = connect(isIP(host) === 0 ? { ...options, servername: host } : options);
  try {
    await once(socket, 'secureConnect', { signal: AbortSignal.timeout(TIMEOUT_MS) });
    const problem = socket.authorized ? null : String(socket.authorizationError);
    return { problem, expiresAt: Date.parse(socket.getPeerCertificate().valid_to) };
  } finally {
    socket.on('error', () => {});
    socket.destroy();
  }
}
