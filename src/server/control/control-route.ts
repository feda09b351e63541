import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import * as v from 'valibot';
import { readInput, readParams } from '../../api/read-input.ts';
import type { AuditService } from '../../core/audit-service.ts';
import type { KeyService } from '../../core/key-service.ts';
import type { ProfileService } from '../../core/profile-service.ts';

/** The services of whoever sent the request. */
export interface CallerServices {
  readonly keys: KeyService;
  readonly profiles: ProfileService;
  readonly audit: AuditService;
}

const nothing = v.strictObject({});
type Nothing = typeof nothing;

interface RouteSchemas<Params extends v.GenericSchema, Query extends v.GenericSchema, Body extends v.GenericSchema> {
  readonly method: 'GET' | 'POST';
  /** In Fastify's form: `/v1/keys/:keyId`. */
  readonly path: string;
  /** A sentence for the reference. */
  readonly summary: string;
  readonly status?: 200 | 201;
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body;
  /** What the client reads of the answer. */
  readonly answer: v.GenericSchema;
}

/** One route of the control API: what it takes, what it answers, and how. The reference is generated from it. */
export interface ControlRoute extends RouteSchemas<v.GenericSchema, v.GenericSchema, v.GenericSchema> {
  readonly run: (request: FastifyRequest, services: CallerServices) => Promise<object>;
}

/** Defines a route whose input is parsed by its schemas; what has no schema must be empty. */
export function controlRoute<
  Params extends v.GenericSchema = Nothing,
  Query extends v.GenericSchema = Nothing,
  Body extends v.GenericSchema = Nothing,
>(
  route: RouteSchemas<Params, Query, Body> & {
    readonly handle: (
      input: v.InferOutput<Params> & v.InferOutput<Query> & v.InferOutput<Body>,
      services: CallerServices,
    ) => Promise<object>;
  },
): ControlRoute {
  const { handle, ...schemas } = route;
  return {
    ...schemas,
    run: (request, services) => {
      const query = readInput(route.query ?? nothing, request.query);
      const body = readInput(route.body ?? nothing, request.body === undefined ? {} : request.body);
      const params = readParams(route.params ?? nothing, request.params);
      return handle(Object.assign({}, query, body, params), services);
    },
  };
}

/** Puts routes on a server. `servicesFor` gives the services of whoever sent the request. */
export function addControlRoutes(
  app: FastifyInstance,
  routes: readonly ControlRoute[],
  servicesFor: (request: FastifyRequest) => CallerServices,
): void {
  for (const { method, path, status = 200, run } of routes) {
    const handler = async (request: FastifyRequest, reply: FastifyReply) =>
      reply.code(status).send(await run(request, servicesFor(request)));
    app.route({ method, url: path, handler });
  }
}
