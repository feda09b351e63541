import { createHmac } from 'node:crypto';
import { MINUTE_MS } from './clock.ts';
import type { FillRandom } from './secret.ts';
import { isSameToken } from './token.ts';

/**
 * What lets a browser into the dashboard of `outkit dev`, once, for 5 minutes. Whoever has the credential of that server makes it
 * without asking: the end of its time, 128 random bits, and 128 bits of the HMAC-SHA256 of both under the
 * credential.
 */
export type DashboardPass = string;

export const PASS_LIFE_MS = 5 * MINUTE_MS;

/** Bytes of the random part, and of the signature: short enough for a line of a terminal, too long to guess. */
const PART_BYTES = 16;

const PASS = /^([0-9a-z]{1,10})\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{22}$/;

export function newDashboardPass(credential: string, now: number, fillRandom: FillRandom): DashboardPass {
  const random = Buffer.from(fillRandom(new Uint8Array(PART_BYTES))).toString('base64url');
  const signed = `${(now + PASS_LIFE_MS).toString(36)}.${random}`;
  return `${signed}.${signatureOf(signed, credential)}`;
}

/** Whether it was made with this credential and its time is not over. Not whether it was used: whoever lets in remembers that. */
export function isGoodPass(pass: string, credential: string, now: number): boolean {
  const end = Number.parseInt(PASS.exec(pass)?.[1] ?? '', 36);
  if (!(now < end && now >= end - PASS_LIFE_MS)) return false;
  const dot = pass.lastIndexOf('.');
  return isSameToken(pass.slice(dot + 1), signatureOf(pass.slice(0, dot), credential));
}

function signatureOf(signed: string, credential: string): string {
  const digest = createHmac('sha256', credential).update(`dashboard pass ${signed}`).digest();
  return digest.subarray(0, PART_BYTES).toString('base64url');
}
