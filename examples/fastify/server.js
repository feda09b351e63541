import fastify from 'fastify';
import { contentSecurityPolicy, files } from '../site/files.js';
import { startSession } from '../site/sessions.js';
import { outkitProxy } from './outkit.js';

const app = fastify();
for (const { path, type, content } of files) {
  app.get(path, (_request, reply) =>
    reply.type(type).header('content-security-policy', contentSecurityPolicy).send(content),
  );
}
app.post('/sign-in', (_request, reply) => reply.header('set-cookie', startSession()).code(204).send());
await app.register(outkitProxy);

console.log(`Ready on ${await app.listen({ port: Number(process.env.PORT ?? 3000), host: '127.0.0.1' })}`);
