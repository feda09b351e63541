/** What the text of a proxy depends on beside the framework. */
export interface ProxyStyle {
  /** With type annotations. */
  readonly typed: boolean;
  /** Origin of the server where `OUTKIT_API_URL` is not set. */
  readonly apiUrl: string;
  /** The env file, from the folder of `package.json`. */
  readonly envFile: string;
}

/** A proxy for one framework: what differs from the others. */
export interface ProxyTemplate {
  /** The line that another file of the app needs; `null` where the framework finds the file by its name. */
  readonly mount: ((file: string) => string) | null;
  readonly imports: readonly string[];
  /** What `authorize` gets of the framework beside the request, and where its type comes from. */
  readonly native?: readonly [type: string, from: string];
  /** An `authorize` as apps of this framework usually have it. */
  readonly check: string;
  /** Where the variables of the server are: `process.env`, unless the framework keeps them elsewhere. */
  readonly variable?: (name: string) => string;
  /** For a key that is not in `process.env`. */
  readonly key?: (style: ProxyStyle) => string;
  /** The head of a function that makes the proxy for each request, where the variables come with it. */
  readonly perRequest?: (style: ProxyStyle) => string;
  readonly handler: (style: ProxyStyle) => readonly string[];
}

/** The text of a proxy: shut until somebody writes the app's own check, since an open one spends the quota of the key for everybody. */
export function proxyText(template: ProxyTemplate, file: string, style: ProxyStyle): string {
  const { mount, imports, native, check, key, perRequest, handler } = template;
  const variable = template.variable ?? ((name) => `process.env.${name}`);
  const head = perRequest === undefined ? 'const proxy =' : `${perRequest(style)} =>`;
  const generic = native === undefined ? '' : typing(style, `<${native[0]}>`);
  return [
    `// ${file}: ${mount === null ? 'the route /api/outkit' : mount(file)}`,
    "import { createOutkitProxy } from 'outkit/proxy';",
    ...imports,
    ...(native === undefined || !style.typed ? [] : [`import type { ${native[0]} } from '${native[1]}';`]),
    '',
    `${head} createOutkitProxy${generic}({`,
    '  // YOUR CHECK GOES HERE: who is signed in, and may render? Nobody may until then: an open proxy gives your quota away.',
    `  // For example: authorize: ${check},`,
    '  authorize() {',
    '    return false;',
    '  },',
    ...(key === undefined ? [] : [`  key: ${key(style)},`]),
    `  apiUrl: ${variable('OUTKIT_API_URL')} || ${quoted(style.apiUrl)},`,
    '});',
    '',
    ...handler(style),
    '',
  ].join('\n');
}

/** A part of a line that only TypeScript has. */
export function typing({ typed }: ProxyStyle, text: string): string {
  return typed ? text : '';
}

/** A string of JavaScript: an address or a path may hold a quote, and nothing of it may become code. */
export function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\r', '\\r')}'`;
}
