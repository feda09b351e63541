import { createHmac, timingSafeEqual } from 'node:crypto';
import { OutkitError } from '../core/errors.ts';
import type { KeyPosition } from '../core/key-store.ts';

const TAG_BYTES = 16;

/** Makes and reads page cursors: opaque to the client, and good only for the list that they were made for. */
export interface Cursors {
  /** `list` names the list: team, profile and filter. */
  write(list: string, position: KeyPosition): string;
  /** Throws `bad_request` for anything that `write` did not make for this list. */
  read(list: string, cursor: string): KeyPosition;
}

/** Cursors authenticated by HMAC-SHA-256 under `secret`, cut to 128 bits. */
export function createCursors(secret: Uint8Array): Cursors {
  const tagOf = (list: string, position: string) =>
    createHmac('sha256', secret).update(`${list}\n${position}`).digest().subarray(0, TAG_BYTES);
  return {
    write(list, { createdAt, id }) {
      const position = `${createdAt} ${id}`;
      return Buffer.concat([tagOf(list, position), Buffer.from(position)]).toString('base64url');
    },
    read(list, cursor) {
      const bytes = Buffer.from(cursor, 'base64url');
      const position = bytes.subarray(TAG_BYTES).toString();
      const tag = bytes.subarray(0, TAG_BYTES);
      if (tag.length !== TAG_BYTES || !timingSafeEqual(tag, tagOf(list, position))) {
        throw new OutkitError('bad_request', 'The cursor is not one of this list', 'start again without a cursor');
      }
      const [createdAt, id] = position.split(' ') as [string, string];
      return { createdAt: Number(createdAt), id };
    },
  };
}
