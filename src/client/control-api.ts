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

const DEFAULT_TIMEOUT_MS = 10_000;
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
  const response = await send(options, path, body);
  return { response, text: await readBounded(response, options) };
}

async function send(options: ControlApiOptions, path: string, body: RequestBody | null): Promise<Response> {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (options.userAgent !== undefined) headers['user-agent'] = options.userAgent;
  if (options.token !== null) headers['authorization'] = `Bearer ${options.token}`;
  if (body !== null) headers['content-type'] = body.mediaType;
  try {
    return await (options.fetch ?? globalThis.fetch)(new URL(path, options.url), {
      method: body === null ? 'GET' : 'POST',
      headers,
      redirect: 'manual',
      signal: AbortSignal.timeout(options.timeoutMs ?? DEFAULT_TIMEOUT_MS),
      ...(body === null ? {} : { body: body.text }),
    });
  } catch (error) {
    throw transportError(error, options);
  }
}

async function readBounded(response: Response, options: ControlApiOptions): Promise<string> {
  let bytes = 0;
  const chunks: Uint8Array[] = [];
  try {
    for await (const chunk of response.body ?? []) {
      bytes += chunk.byteLength;
      if (bytes > MAX_ANSWER_BYTES) throw badAnswer(options.url);
      chunks.push(chunk);
    }
  } catch (error) {
    throw error instanceof OutkitError ? error : transportError(error, options);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}

/** The error of an answer that is not OK. */
export function problemOf(response: Response, text: string, url: string): OutkitError {
  if (!(response.headers.get('content-type') ?? '').startsWith(PROBLEM_MEDIA_TYPE)) return badAnswer(url);
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

function transportError(error: unknown, options: ControlApiOptions): OutkitError {
  if (error instanceof Error && error.name === 'TimeoutError') {
    const seconds = (options.timeoutMs ?? DEFAULT_TIMEOUT_MS) / 1000;
    return new OutkitError('timeout', `${options.url} did not answer within ${seconds} s`, 'run the command again');
  }
  const hint = isLoopbackUrl(options.url) ? 'outkit dev' : 'check the address and the network';
  return new OutkitError('unreachable', `Cannot reach the Outkit server at ${options.url}`, hint, { cause: error });
}
