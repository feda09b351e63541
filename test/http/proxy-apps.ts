import { createServer, type RequestListener, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer, type ServerType } from '@hono/node-server';
import express from 'express';
import Fastify from 'fastify';
import { Hono } from 'hono';
import { onTestFinished } from 'vitest';
import { outkitFastify } from '../../src/proxy/fastify.ts';
import { toHonoHandler } from '../../src/proxy/hono.ts';
import { toNodeHandler } from '../../src/proxy/node.ts';
import type { OutkitProxy } from '../../src/proxy/proxy.ts';

// It has no types of its own, and what is used of it is as it is now.
const express4 = createRequire(import.meta.url)('express4') as typeof express;

type App = 'node' | 'express 4' | 'express 5' | 'express after express.json()' | 'fastify' | 'hono';

export const APPS: readonly App[] = [
  'node',
  'express 4',
  'express 5',
  'express after express.json()',
  'fastify',
  'hono',
];

/** The apps that leave the body to the proxy. */
export const READING_APPS = APPS.filter((name) => name !== 'express after express.json()');

/** An app with the proxy on /api/outkit, on a free port until the test ends; resolves to the address of the proxy. */
export async function startApp(name: App, proxy: OutkitProxy): Promise<string> {
  if (name === 'fastify') return startFastify(proxy);
  const server = name === 'hono' ? honoServer(proxy) : createServer(listenerOf(name, proxy));
  return listen(server);
}

/** Serves until the test ends; resolves to the address of the proxy. */
export async function listen(server: ServerType | Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    if ('closeAllConnections' in server) server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/outkit`;
}

function listenerOf(name: Exclude<App, 'fastify' | 'hono'>, proxy: OutkitProxy): RequestListener {
  const handler = toNodeHandler(proxy);
  if (name === 'node') return handler;
  const app = name === 'express 4' ? express4() : express();
  if (name === 'express after express.json()') app.use(express.json({ limit: '2mb' }));
  app.all('/api/outkit', handler);
  return app;
}

function honoServer(proxy: OutkitProxy) {
  const app = new Hono().all('/api/outkit', toHonoHandler(proxy));
  return createAdaptorServer({ fetch: app.fetch });
}

async function startFastify(proxy: OutkitProxy): Promise<string> {
  const app = Fastify({ forceCloseConnections: true });
  await app.register(outkitFastify, { proxy });
  app.post('/echo', async (request) => request.body);
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  onTestFinished(() => app.close());
  return `${url}/api/outkit`;
}
