import type { CustomFetch } from 'openid-client';
import { isSafeTransport } from '../core/loopback.ts';

const MAX_ANSWER_BYTES = 1024 * 1024;

/** `fetch` to https or this machine only, following no redirect, for an answer of at most 1 MiB. Rejects for anything else. */
export const boundedFetch: CustomFetch = async (url, options) => {
  if (!isSafeTransport(new URL(url))) throw new TypeError('not a safe transport');
  const { body: sent, ...rest } = options;
  // The types of a browser, which some tests have besides, want bytes that are not shared.
  const body = sent === undefined ? {} : { body: sent as NonNullable<RequestInit['body']> };
  const response = await fetch(url, { ...rest, redirect: 'manual', ...body });
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > MAX_ANSWER_BYTES) throw new TypeError('the answer is too long');
    chunks.push(chunk);
  }
  const { status, statusText, headers } = response;
  const received = status === 204 || status === 304 ? null : Buffer.concat(chunks);
  return new Response(received, { status, statusText, headers });
};
