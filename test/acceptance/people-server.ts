import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import * as v from 'valibot';
import { onTestFinished } from 'vitest';
import { healthJson } from '../../src/api/health.ts';
import {
  createdInvitationJson,
  doneJson,
  invitationJson,
  inviteBody,
  meJson,
  memberJson,
  roleBody,
  sessionJson,
  teamBody,
  teamJson,
} from '../../src/api/people.ts';
import { PROBLEM_MEDIA_TYPE, problemJson } from '../../src/api/problem.ts';
import { FakePeople } from '../../src/cli/people.fixture.ts';
import { DEVICE_CLIENT_ID, DEVICE_GRANT_TYPE } from '../../src/core/accounts.ts';
import { ERRORS, OutkitError } from '../../src/core/errors.ts';

/** A request as the server saw it. */
interface Seen {
  readonly method: string;
  readonly path: string;
  readonly authorization: string;
  readonly type: string;
  readonly body: string;
  /** By the clock of the server. */
  readonly at: number;
}

/** A server with people over HTTP, for one test: device flow, `/v1/me`, teams and people, as the contracts say, on a real socket. */
export class PeopleServer {
  readonly people = new FakePeople(Date.now);
  readonly seen: Seen[] = [];
  /** Where the person is sent; `null` is the server's own page. */
  page: string | null = null;
  url = '';
  readonly #server = createServer((request, response) => void this.#answer(request, response));

  static async start(): Promise<PeopleServer> {
    const server = new PeopleServer();
    server.people.interval = 1;
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    server.url = `http://127.0.0.1:${(server.#server.address() as AddressInfo).port}`;
    onTestFinished(() => server.stop());
    return server;
  }

  /** From then on nobody listens there. */
  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
  }

  /** The requests of one path. */
  of(path: string): readonly Seen[] {
    return this.seen.filter((request) => request.path === path);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url: path = '/', headers } = request;
    const { authorization = '', 'content-type': type = '' } = headers;
    const body = await text(request);
    this.seen.push({ method, path, authorization, type, body, at: Date.now() });
    const send = (status: number, mediaType: string, value: object) =>
      response.writeHead(status, { 'content-type': mediaType }).end(JSON.stringify(value));
    try {
      if (path.startsWith('/api/auth/device/')) {
        const { status, value } = await this.#device(path, type, new URLSearchParams(body));
        send(status, 'application/json', value);
        return;
      }
      const token = /^Bearer (\S+)$/.exec(authorization)?.[1] ?? null;
      send(
        200,
        'application/json',
        await this.#control(`${method} ${path}`, token, body === '' ? {} : JSON.parse(body)),
      );
    } catch (error) {
      const known = error instanceof OutkitError ? error : new OutkitError('internal', String(error));
      send(ERRORS[known.code].status ?? 500, PROBLEM_MEDIA_TYPE, problemJson(known));
    }
  }

  async #device(path: string, type: string, form: URLSearchParams): Promise<{ status: number; value: object }> {
    const isRight = type === 'application/x-www-form-urlencoded' && form.get('client_id') === DEVICE_CLIENT_ID;
    if (!isRight) return { status: 400, value: { error: 'invalid_client' } };
    if (path === '/api/auth/device/code') {
      const { deviceCode, userCode, lifeMs, intervalMs } = this.people.requestCode();
      const codes = { device_code: deviceCode, user_code: userCode };
      const times = { expires_in: lifeMs / 1000, interval: intervalMs / 1000 };
      return { status: 200, value: { ...codes, verification_uri: this.page ?? `${this.url}/device`, ...times } };
    }
    const grant = form.get('grant_type') === DEVICE_GRANT_TYPE;
    if (!grant || form.get('device_code') !== 'device') return { status: 400, value: { error: 'invalid_grant' } };
    const token = await this.people.redeem();
    if (token.kind !== 'started') return { status: 400, value: { error: token.kind } };
    return { status: 200, value: { access_token: token.credential, token_type: 'Bearer', expires_in: 2_592_000 } };
  }

  async #control(what: string, token: string | null, body: unknown): Promise<object> {
    if (what === 'GET /healthz') return healthJson('0.1.0', Date.now());
    if (token === null || !this.people.isSignedIn(token)) {
      throw new OutkitError('unauthenticated', 'This token is not valid here', 'outkit login');
    }
    const { me, teams, people } = this.people.servicesFor(token);
    const [, teamId = '', rest = ''] = /^\w+ \/v1\/teams\/(\w+)\/(.*)$/.exec(what) ?? [];
    const [noun, id = '', verb] = rest.split('/');
    if (what === 'GET /v1/me') return meJson(await me.me());
    if (what === 'POST /v1/me/sign-out') return me.signOut().then(() => doneJson);
    if (what === 'GET /v1/me/sessions') return { data: (await me.listSessions()).map(sessionJson) };
    if (what === 'POST /v1/me/sessions/end-others') return { ended: await me.endOtherSessions() };
    if (what.startsWith('POST /v1/me/sessions/')) {
      return me.endSession(what.split('/')[4] ?? '').then(() => doneJson);
    }
    if (what === 'GET /v1/teams') return { data: (await teams.list()).map(teamJson) };
    if (what === 'POST /v1/teams') return teamJson(await teams.create(v.parse(teamBody, body).name));
    if (noun === 'rename') return teamJson(await teams.rename(teamId, v.parse(teamBody, body).name));
    if (noun === 'people' && verb === 'role') {
      return memberJson(await people.changeRole(teamId, id, v.parse(roleBody, body).role));
    }
    if (noun === 'people' && verb === 'remove') return people.remove(teamId, id).then(() => doneJson);
    if (noun === 'people') return { data: (await people.list(teamId)).map(memberJson) };
    if (noun === 'invitations' && verb === 'revoke') return people.revokeInvitation(teamId, id).then(() => doneJson);
    if (what === `POST /v1/teams/${teamId}/invitations`) {
      const { email, role } = v.parse(inviteBody, body);
      return createdInvitationJson(await people.invite(teamId, email, role));
    }
    if (noun === 'invitations') return { data: (await people.listInvitations(teamId)).map(invitationJson) };
    throw new OutkitError('not_found', 'There is no such route');
  }
}
