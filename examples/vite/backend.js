import { startSession } from '../site/sessions.js';
import { outkitProxy } from './outkit.js';

/** What this app answers itself; everything else is a file of Vite's. Both the development server and `server.js` use it. */
export function backend(request, response, next) {
  if (request.url === '/api/outkit') return outkitProxy(request, response);
  if (request.url === '/sign-in' && request.method === 'POST') {
    return response.writeHead(204, { 'set-cookie': startSession() }).end();
  }
  return next();
}
