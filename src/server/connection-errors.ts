import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { newId } from '../core/clock.ts';
import { ERRORS, type ErrorCode } from '../core/errors.ts';
import type { FillRandom } from '../core/secret.ts';

/** Answers where there is no request to answer: bytes that the parser refuses, a request that never ends, a tunnel. */
export interface ConnectionErrors {
  /** For Node's `clientError`. */
  onClientError(error: NodeJS.ErrnoException, socket: Socket): void;
  /** For Node's `connect`. */
  onConnect(socket: Socket): void;
}

export function connectionErrors(fillRandom: FillRandom): ConnectionErrors {
  const refuse = (socket: Socket, status: number, body: string, headers: readonly string[] = []) => {
    const lines = [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      'content-type: application/json; charset=utf-8',
      'cache-control: no-store',
      `x-request-id: ${newId('req', fillRandom)}`,
      `content-length: ${Buffer.byteLength(body)}`,
      'connection: close',
      ...headers,
    ];
    // Node has let go of the socket: an error that nobody listens to would end the process, an end that nobody answers would leak it.
    socket.on('error', () => socket.destroy());
    socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
  };
  return {
    onClientError({ code }, socket) {
      if (code === 'ECONNRESET' || !socket.writable) socket.destroy();
      else if (code === 'ERR_HTTP_REQUEST_TIMEOUT') refuse(socket, 408, '');
      else if (code === 'HPE_HEADER_OVERFLOW')
        refuse(socket, 431, errorJson('headers_too_large', 'The headers are over 16 KB'));
      else refuse(socket, 400, errorJson('bad_request', 'This is not well-formed HTTP/1.1'));
    },
    onConnect(socket) {
      refuse(socket, 405, errorJson('method_not_allowed', 'This server is no proxy'), ['allow: GET, HEAD, POST']);
    },
  };
}

function errorJson(code: ErrorCode, detail: string): string {
  return JSON.stringify({ error: ERRORS[code].name, detail, code });
}
