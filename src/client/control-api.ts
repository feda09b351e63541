import * as v from 'valibot';
import { PROBLEM_MEDIA_TYPE, problemAnswer } from '../api/problem.ts';
import { type ErrorCode, OutkitError } from '../core/errors.ts';
import { isLoopbackUrl } from './server-url.ts';

export interface ControlApiOptions {
  /** Origin of the server, such as `http://127.0.0.1:4680`. */
  readonly url: string;
  /** `null` sends none: for what everybody may ask. */
  readonly token: string | null;
  /** Stands in the audit log of the server. */
  readonly userAgent?: string;
  readonly fetch?: typeof globalThis.fetch;
  readonly timeoutMs?: number;
}

export const DEFAULT_TIMEOUT_MS = 10_000;
/** No answer of the control API is larger: a page of 100 keys is well below it. */
const MAX_ANSWER_BYTES = 4 * 1024 * 1024;

/** One request of the control API: `body` makes it a POST. Resolves to what `answer` reads, or throws an {@link OutkitError}. */
export type CallControlApi = <Schema extends v.GenericSchema>(
  path: string,
  answer: Schema,
  body?: object,
) => Promise<v.InferOutput<Schema>>;

/** What is sent with a request that is not a GET. */
export interface RequestBody {
  readonly mediaType: 'application/json' | 'application/x-www-form-urlencoded';
  readonly text: string;
}

/** Speaks to the control API. */
export function controlApi(options: ControlApiOptions): CallControlApi {
  return async (path, answer, body) => {
    const json = body === undefined ? null : ({ mediaType: 'application/json', text: JSON.stringify(body) } as const);
    const { response, text } = await exchange(options, path, json);
    if (!response.ok) throw problemOf(response, text, options.url);
    const read = v.safeParse(answer, parseJson(text));
    if (read.success) return read.output;
    throw badAnswer(options.url);
  };
}

/** Asks the server; a body makes it a POST. Bounded in time and size. Never follows a redirect: the token must not reach another origin. */
export async function exchange(
  options: ControlApiOptions,
  path: string,
  body: RequestBody | null,
): Promise<{ response: Response; text: string }> {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (body !== null) headers['content-type'] = body.mediaType;
  try {
    const response = await send(options, path, {
      method: body === null ? 'GET' : 'POST',
      headers,
      signal: AbortSignal.timeout(options.timeoutMs ?? DEFAULT_TIMEOUT_MS),
      ...(body === null ? {} : { body: body.text }),
    });
    return { response, text: await readBounded(response, options) };
  } catch (error) {
    throw transportError(error, options);
  }
}

/** Sends a request with the credential, and follows no redirect. Throws what `fetch` throws: {@link transportError} makes an error of it. */
export function send(
  options: ControlApiOptions,
  path: string,
  request: Omit<RequestInit, 'headers'> & { readonly headers: Readonly<Record<string, string>> },
): Promise<Response> {
  const headers: Record<string, string> = { ...request.headers };
  if (options.userAgent !== undefined) headers['user-agent'] = options.userAgent;
  if (options.token !== null) headers['authorization'] = `Bearer ${options.token}`;
  return (options.fetch ?? globalThis.fetch)(new URL(path, options.url), { ...request, headers, redirect: 'manual' });
}

/** The text of an answer; throws `bad_answer` for one that is longer than any of ours, and what the body throws. */
export async function readBounded(response: Response, options: ControlApiOptions): Promise<string> {
  if (response.body === null) return '';
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let bytes = 0;
  let text = '';
  // Not every browser iterates over a stream.
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    bytes += read.value.byteLength;
    if (bytes > MAX_ANSWER_BYTES) {
      await reader.cancel();
      throw badAnswer(options.url);
    }
    text += decoder.decode(read.value, { stream: true });
  }
  return text + decoder.decode();
}

/** The error of an answer that is not OK. */
export function problemOf(response: Response, text: string, url: string): OutkitError {
  if (!(response.headers.get('content-type') ?? '').startsWith(PROBLEM_MEDIA_TYPE)) return badAnswer(url);
  return errorOfProblem(text, url);
}

/** The error that a problem document tells of; `bad_answer` for what is none. */
export function errorOfProblem(text: string, url: string): OutkitError {
  const problem = v.safeParse(problemAnswer, parseJson(text));
  if (!problem.success) return badAnswer(url);
  return new OutkitError(problem.output.code as ErrorCode, problem.output.detail, problem.output.hint);
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function badAnswer(url: string): OutkitError {
  return new OutkitError('bad_answer', `What answers at ${url} is not an Outkit server`, 'check --api-url');
}

/** What kept an answer from coming, as one of our errors. */
export function transportError(error: unknown, options: ControlApiOptions): OutkitError {
  if (error instanceof OutkitError) return error;
  if (error instanceof Error && error.name === 'TimeoutError') {
    const seconds = (options.timeoutMs ?? DEFAULT_TIMEOUT_MS) / 1000;
    return new OutkitError('timeout', `${options.url} did not answer within ${seconds} s`, 'run the command again');
  }
  const hint = isLoopbackUrl(options.url) ? 'outkit dev' : 'check the address and the network';
  return new OutkitError('unreachable', `Cannot reach the Outkit server at ${options.url}`, hint, { cause: error });
}
