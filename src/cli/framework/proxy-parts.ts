import type { ProxyStyle } from './proxy.ts';

/** A line or a part of one that only TypeScript has. */
export function typing({ typed }: ProxyStyle, text: string): string {
  return typed ? text : '';
}

/** A string of JavaScript: an address may hold a quote, and nothing of it may become code. */
export function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}

/** The gate, shut until somebody writes the app's own check: an open proxy spends the quota of the key for everybody. */
export function gate(requestType: string, style: ProxyStyle): string[] {
  return [
    '// YOUR CHECK GOES HERE: who is signed in, and may render? Until then nobody may, for a proxy that is open to',
    '// everybody gives your quota away.',
    `async function mayRender(_request${typing(style, `: ${requestType}`)})${typing(style, ': Promise<boolean>')} {`,
    '  return false;',
    '}',
  ];
}

/** Key and address, read at each request: whatever loads the env file may run after this file. */
export function settings(env: string, { rendererUrl }: ProxyStyle): string {
  return `const { OUTKIT_API_KEY = '', OUTKIT_RENDERER_URL = ${quoted(rendererUrl)} } = ${env};`;
}

/** What reaches the browser of the renderer's headers. */
export const PASSED_HEADERS = "['content-type', 'cache-control', 'retry-after']";

/** Said in the log of the app, never to the browser, and without what was thrown: it may quote the key. */
export const REFUSED = "console.error('Outkit refuses OUTKIT_API_KEY');";
export const NO_ANSWER = "console.error('Outkit does not answer: check OUTKIT_RENDERER_URL');";

/** The fault is ours and not the browser's: it gets a 502. */
export const IS_REFUSED = 'if (answer.status === 401 || answer.status === 403) {';
