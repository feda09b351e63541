import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import * as v from 'valibot';
import { readInput, readParams } from '../../api/read-input.ts';
import type { AuditService } from '../../core/audit-service.ts';
import type { Action } from '../../core/authorization.ts';
import type { TailEvents } from '../../core/event-service.ts';
import type { GatewayService } from '../../core/gateway-service.ts';
import type { KeyService } from '../../core/key-service.ts';
import type { MeService, PeopleService, TeamService } from '../../core/people-service.ts';
import type { PreviewService } from '../../core/preview-service.ts';
import type { ProfileService } from '../../core/profile-service.ts';
import type { EventReads } from '../../services/event-services.ts';
import { allowedTeams, requireTeam, type TeamSource } from './authorize.ts';
import type { Identify, Identity } from './identity.ts';

/** The services of whoever sent the request, in one team. */
export interface TeamServices {
  readonly keys: KeyService;
  readonly profiles: ProfileService;
  readonly previews: PreviewService;
  readonly audit: AuditService;
  readonly people: PeopleService;
  readonly events: EventReads;
  /** Frames of server-sent events. `checkAgain` throws when the caller may not see them any more. `not_found`, `too_many_tails`, `unavailable`. */
  followEvents(wish: TailEvents, checkAgain: () => Promise<void>): Promise<Readable>;
}

/** What belongs to whoever sent the request, or to the server, and to no team. */
export interface OwnServices {
  readonly me: MeService;
  readonly teams: TeamService;
  readonly gateways: GatewayService;
}

/** What routes are run with. */
export interface ControlAccess {
  /** The team of a key or profile, whoever asks. */
  teamOf(kind: 'key' | 'profile', id: string): Promise<string | null>;
  inTeam(identity: Identity, teamId: string): TeamServices;
  own(identity: Identity): OwnServices;
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
  /** Only those that it names are read. */
  readonly headers?: v.GenericSchema;
  readonly body?: Body;
  /** What the client reads of the answer; of a stream, of each of its parts. */
  readonly answer: v.GenericSchema;
}

type AnySchemas = RouteSchemas<v.GenericSchema, v.GenericSchema, v.GenericSchema>;

/** One route of the control API: what it takes, who may, what it answers, and how. Reference and OpenAPI document are generated from it. */
export interface ControlRoute extends AnySchemas {
  /** `null`: it is about no team. Whoever is signed in may, unless the service refuses. */
  readonly action: Action | null;
  /** Of an answer that goes on for as long as somebody reads it; JSON without. */
  readonly streamType?: string;
  /** `identify` says again who sends the request. */
  readonly run: (
    request: FastifyRequest,
    identity: Identity,
    access: ControlAccess,
    identify: Identify,
  ) => Promise<object>;
}

type Input<
  Params extends v.GenericSchema,
  Query extends v.GenericSchema,
  Body extends v.GenericSchema,
> = v.InferOutput<Params> & v.InferOutput<Query> & v.InferOutput<Body>;

/** A route about one team. Who may not know of it gets the answer of a missing id, before the body is looked at. */
export function teamRoute<
  Params extends v.GenericSchema = Nothing,
  Query extends v.GenericSchema = Nothing,
  Body extends v.GenericSchema = Nothing,
>(
  route: RouteSchemas<Params, Query, Body> & {
    readonly action: Action;
    readonly team: TeamSource;
    readonly handle: (input: Input<Params, Query, Body>, services: TeamServices & OwnServices) => Promise<object>;
  },
): ControlRoute {
  const { handle, team, ...schemas } = route;
  return {
    ...schemas,
    async run(request, identity, access) {
      const where = readWhere(route, request);
      const teamId = await requireTeam(identity, route.action, team, where as object, access);
      const input = Object.assign({}, where, readBody(route, request));
      return handle(input, { ...access.inTeam(identity, teamId), ...access.own(identity) });
    },
  };
}

/** A route about one team that answers with a stream. Who may have it is asked again for as long as it goes on. */
export function teamStreamRoute<
  Params extends v.GenericSchema = Nothing,
  Query extends v.GenericSchema = Nothing,
  Headers extends v.GenericSchema = Nothing,
>(
  route: RouteSchemas<Params, Query, Nothing> & {
    readonly action: Action;
    readonly team: TeamSource;
    readonly streamType: string;
    readonly headers: Headers;
    readonly handle: (
      input: v.InferOutput<Params> & v.InferOutput<Query> & v.InferOutput<Headers>,
      services: TeamServices,
      checkAgain: () => Promise<void>,
    ) => Promise<Readable>;
  },
): ControlRoute {
  const { handle, team, ...schemas } = route;
  return {
    ...schemas,
    async run(request, identity, access, identify) {
      const where = readWhere(route, request);
      const teamOf = (who: Identity) => requireTeam(who, route.action, team, where as object, access);
      const teamId = await teamOf(identity);
      const input = Object.assign({}, where, readInput(route.headers, request.headers));
      const checkAgain = async () => void (await teamOf(await identify(request)));
      return handle(input, access.inTeam(identity, teamId), checkAgain);
    },
  };
}

/** A route about something that may be in any team of the caller: it gets the services of each where the action is allowed. */
export function searchRoute<Query extends v.GenericSchema = Nothing, Body extends v.GenericSchema = Nothing>(
  route: RouteSchemas<Nothing, Query, Body> & {
    readonly action: Action;
    readonly handle: (input: Input<Nothing, Query, Body>, services: readonly TeamServices[]) => Promise<object>;
  },
): ControlRoute {
  const { handle, ...schemas } = route;
  return {
    ...schemas,
    async run(request, identity, access) {
      const input = Object.assign({}, readWhere(route, request), readBody(route, request));
      return handle(
        input,
        allowedTeams(identity, route.action).map((teamId) => access.inTeam(identity, teamId)),
      );
    },
  };
}

/** A route about whoever sent the request, or about the server. */
export function ownRoute<Params extends v.GenericSchema = Nothing, Body extends v.GenericSchema = Nothing>(
  route: RouteSchemas<Params, Nothing, Body> & {
    readonly handle: (input: Input<Params, Nothing, Body>, services: OwnServices) => Promise<object>;
  },
): ControlRoute {
  const { handle, ...schemas } = route;
  return {
    ...schemas,
    action: null,
    async run(request, identity, access) {
      const input = Object.assign({}, readWhere(route, request), readBody(route, request));
      return handle(input, access.own(identity));
    },
  };
}

/** What path and query say; what has no schema must be empty. */
function readWhere<Params extends v.GenericSchema, Query extends v.GenericSchema>(
  route: RouteSchemas<Params, Query, v.GenericSchema>,
  request: FastifyRequest,
): v.InferOutput<Params> & v.InferOutput<Query> {
  const query = readInput(route.query ?? nothing, request.query);
  return Object.assign({}, query, readParams(route.params ?? nothing, request.params));
}

function readBody<Body extends v.GenericSchema>(
  route: RouteSchemas<v.GenericSchema, v.GenericSchema, Body>,
  request: FastifyRequest,
): v.InferOutput<Body> {
  return readInput(route.body ?? nothing, request.body === undefined ? {} : request.body);
}

/** Puts routes on a server. `identityOf` says who sent the request, `identify` whether they still may. */
export function addControlRoutes(
  app: FastifyInstance,
  routes: readonly ControlRoute[],
  identityOf: (request: FastifyRequest) => Identity,
  identify: Identify,
  access: ControlAccess,
): void {
  for (const { method, path, status = 200, streamType, run } of routes) {
    app.route({
      method,
      url: path,
      // A stream has no end that its head could be told with.
      exposeHeadRoute: streamType === undefined,
      handler: async (request, reply) => {
        const answer = await run(request, identityOf(request), access, identify);
        if (streamType !== undefined) reply.type(streamType).header('connection', 'close');
        return reply.code(status).send(answer);
      },
    });
  }
}
