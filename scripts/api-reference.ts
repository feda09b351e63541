import { type JsonSchema, toJsonSchema } from '@valibot/to-json-schema';
import type { GenericSchema } from 'valibot';
import { enhanceRequestJsonSchema } from '../src/renderer/request.ts';
import { controlRoutes } from '../src/server/control/control-api.ts';
import type { ControlRoute } from '../src/server/control/control-route.ts';

const RENDERER = `## Renderer

The key goes into \`x-outkit-api-key\`, or \`Authorization: Bearer\`. Both at once, or one twice, is \`400\`. In a query, cookie or body it is
never read. A request is judged before its body is read.

### POST /render/enhance

Turns text into blocks. \`?stream=true\` (default) answers server-sent events: first \`{"type":"meta","design":{…}}\`, then a block an
event in document order with the keys \`c v p m f\` (component, version, props, meta, fallback), last \`[DONE]\`. \`?stream=false\` answers
\`{"blocks": [{component, version, props, meta?, fallback?}], "design": {…}}\`. \`content\` is at most 512 KB of UTF-8. The components and
the rules: [components.md](components.md).
`;

const RENDERER_ANSWERS = `### GET /components

The component types with the JSON schemas of their props.

### Answers

| status | when | headers |
|---|---|---|
| 200 | the key was accepted | \`RateLimit-Policy\`, \`RateLimit\`; with the old secret of a rotated key \`Deprecation\` and \`Sunset\` |
| 400 | no JSON, or more than one key | |
| 401 | missing, malformed, unknown, revoked, superseded, expired or archived key: see \`code\` | \`WWW-Authenticate: Bearer realm="outkit"\`, with \`error="invalid_token"\` when a key was sent |
| 413 | \`content\` is over 512 KB | |
| 422 | the JSON does not fit the schema | |
| 429 | over the limit of the key | \`Retry-After\`, \`RateLimit\`, \`RateLimit-Policy\` |
| 503 | the server cannot judge keys now | |

Errors are \`{"error": "<Name>", "detail": "…", "code": "…"}\`; the codes are in [errors.md](errors.md).
`;

const HEALTH = `## Health

### GET /healthz

For anybody, without a key or a token: \`{status, version, time}\`. \`time\` is the clock by which keys are judged, so a client can tell
how far its own is off.
`;

/** The HTTP reference, from the very route definitions that the server runs. */
export function apiReference(header: string): string {
  return [
    header,
    '# HTTP\n',
    'Bodies are JSON in UTF-8, closed: an unknown field, a member twice or a wrong type is refused. Every answer has `x-request-id`.\n',
    RENDERER,
    fieldTable(enhanceRequestJsonSchema),
    RENDERER_ANSWERS,
    '## Control API\n',
    'For people and their tools: `Authorization: Bearer <token>`, never an API key. Times are ISO 8601 in UTC, spans milliseconds. Errors are',
    'problem details (RFC 9457) with `code` and `hint`. A foreign id and a missing one get the same `404`.\n',
    ...controlRoutes.map(routeSection),
    HEALTH,
  ].join('\n');
}

function routeSection({ method, path, summary, query, body, answer, status = 200 }: ControlRoute): string {
  const title = `### ${method} ${path.replace(/:(\w+)/g, '{$1}')}\n`;
  return [
    title,
    `${summary}\n`,
    ...(query === undefined ? [] : ['Query:\n', fieldTable(schemaOf(query))]),
    ...(body === undefined ? [] : ['Body:\n', fieldTable(schemaOf(body))]),
    `Answers ${status}: ${fieldNames(answer)}.\n`,
  ].join('\n');
}

function schemaOf(schema: GenericSchema): JsonSchema {
  return toJsonSchema(schema, { typeMode: 'input', errorMode: 'ignore' });
}

function fieldTable({ properties = {}, required = [] }: JsonSchema): string {
  const rows = Object.entries(properties).map(([name, property]) => {
    const isRequired = required.includes(name);
    const { default: byDefault } = property as JsonSchema;
    const preset = byDefault === undefined ? '' : `\`${JSON.stringify(byDefault)}\``;
    return `| \`${name}\` | ${typeOf(property as JsonSchema)} | ${isRequired ? 'required' : preset} |`;
  });
  return ['| field | type | default |', '|---|---|---|', ...rows, ''].join('\n');
}

function typeOf(schema: JsonSchema): string {
  if (schema.anyOf !== undefined) return schema.anyOf.map((one) => typeOf(one as JsonSchema)).join(' or ');
  if (schema.allOf !== undefined) return typeOf((schema.allOf[0] ?? {}) as JsonSchema);
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${value}\``).join(', ');
  if (schema.const !== undefined) return `\`${schema.const}\``;
  if (schema.type === 'array') return `list of ${typeOf(schema.items as JsonSchema)}`;
  if (schema.pattern !== undefined) return `string \`${schema.pattern}\``;
  const { minimum, maximum } = schema;
  if (minimum !== undefined && maximum !== undefined) return `${schema.type} ${minimum}…${maximum}`;
  if (schema.properties !== undefined) return `{${Object.keys(schema.properties).join(', ')}}`;
  return String(schema.type ?? 'any');
}

function fieldNames(answer: GenericSchema): string {
  const { properties = {} } = schemaOf(answer);
  return `\`{${Object.keys(properties).join(', ')}}\``;
}
