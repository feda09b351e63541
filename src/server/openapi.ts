import { toJsonSchema } from '@valibot/to-json-schema';
import type { GenericSchema } from 'valibot';
import { deviceErrorAnswer } from '../api/device-grant.ts';
import { PROBLEM_MEDIA_TYPE } from '../api/problem.ts';
import { ACTIONS } from '../core/authorization.ts';
import { ERRORS } from '../core/errors.ts';
import { enhanceRequestJsonSchema } from '../renderer/request.ts';
import { controlRoutes } from './control/control-api.ts';
import type { ControlRoute } from './control/control-route.ts';
import { DEVICE_ENDPOINTS } from './pages/device-endpoints.ts';

const CODES = Object.entries(ERRORS).flatMap(([code, { status }]) => (status === null ? [] : [code]));

const problem = {
  type: 'object',
  description: 'Problem details (RFC 9457) with our code and what to do next.',
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    code: { type: 'string', enum: CODES },
    hint: { type: ['string', 'null'] },
  },
  required: ['type', 'title', 'status', 'detail', 'code', 'hint'],
};

const renderError = {
  type: 'object',
  properties: { error: { type: 'string' }, detail: { type: 'string' }, code: { type: 'string', enum: CODES } },
  required: ['error', 'detail', 'code'],
};

/** Every route that programs may call, as an OpenAPI 3.1 document, from the very definitions that the server runs. */
export function openApiDocument(version: string, hasAccounts: boolean): object {
  const paths: Record<string, Record<string, object>> = {
    '/healthz': { get: open('Says that the server runs, its version, and the time by which it judges keys.') },
    '/readyz': { get: open('Says that the server takes requests.') },
    '/metrics': { get: open('Metrics for Prometheus, for programs on the machine of the server.') },
    '/openapi.json': { get: open('This document.') },
    '/components': { get: rendered('Lists the component types with the JSON schemas of their props.') },
    '/render/enhance': {
      post: {
        ...rendered('Turns text into blocks: server-sent events, or one JSON document with `stream=false`.'),
        parameters: [{ name: 'stream', in: 'query', schema: { enum: ['true', 'false'], default: 'true' } }],
        requestBody: jsonBody(enhanceRequestJsonSchema),
      },
    },
  };
  for (const route of controlRoutes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route) };
  }
  for (const endpoint of hasAccounts ? DEVICE_ENDPOINTS : [])
    paths[endpoint.path] = { post: deviceOperation(endpoint) };
  return {
    openapi: '3.1.0',
    info: { title: 'Outkit', version, license: { name: 'MIT', identifier: 'MIT' } },
    servers: [{ url: '/' }],
    paths,
    components: {
      schemas: { problem, renderError },
      securitySchemes: {
        session: { type: 'http', scheme: 'bearer', description: 'A token of `outkit login`.' },
        key: { type: 'apiKey', in: 'header', name: 'x-outkit-api-key' },
      },
    },
  };
}

function operation(route: ControlRoute): object {
  const { summary, action, params, query, headers, body, answer, streamType, status = 200 } = route;
  const role =
    action === null
      ? 'Whoever is signed in may, unless the summary says more.'
      : `Needs the role ${ACTIONS[action]} in the team.`;
  return {
    summary,
    description: role,
    'x-outkit-action': action,
    security: [{ session: [] }],
    parameters: [...parameters('path', params), ...parameters('query', query), ...parameters('header', headers)],
    ...(body === undefined ? {} : { requestBody: jsonBody(schemaOf(body)) }),
    responses: {
      [status]: { description: 'Done.', content: { [streamType ?? 'application/json']: { schema: schemaOf(answer) } } },
      default: {
        description: 'Refused: `code` says why.',
        content: { [PROBLEM_MEDIA_TYPE]: { schema: { $ref: '#/components/schemas/problem' } } },
      },
    },
  };
}

function deviceOperation({ summary, body, answer }: (typeof DEVICE_ENDPOINTS)[number]): object {
  return {
    summary,
    security: [],
    requestBody: { required: true, content: { 'application/x-www-form-urlencoded': { schema: schemaOf(body) } } },
    responses: {
      200: { description: 'Done.', content: { 'application/json': { schema: schemaOf(answer) } } },
      400: {
        description: 'Refused, in the words of RFC 8628.',
        content: { 'application/json': { schema: schemaOf(deviceErrorAnswer) } },
      },
    },
  };
}

function open(summary: string): object {
  return { summary, security: [], responses: { 200: { description: 'Done.' } } };
}

function rendered(summary: string): object {
  const content = { 'application/json': { schema: { $ref: '#/components/schemas/renderError' } } };
  return {
    summary,
    security: [{ key: [] }],
    responses: { 200: { description: 'Done.' }, default: { description: 'Refused: `code` says why.', content } },
  };
}

function jsonBody(schema: object): object {
  return { required: true, content: { 'application/json': { schema } } };
}

function parameters(place: 'path' | 'query' | 'header', schema: GenericSchema | undefined): object[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = schemaOf(schema);
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: property,
  }));
}

/** What goes over the wire, without what only code can check. */
function schemaOf(schema: GenericSchema) {
  const { $schema: _, ...rest } = toJsonSchema(schema, { typeMode: 'input', errorMode: 'ignore' });
  return rest;
}
