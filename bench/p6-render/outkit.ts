// Markdown to blocks, as the renderer makes them of the body of a request.
import { render } from '../../src/renderer/render.ts';
import { serveRounds } from '../rounds.ts';
import { microsecondsOf } from './parser.ts';

serveRounds(() => microsecondsOf((content) => render({ content, maxComponents: 8 }).length));
