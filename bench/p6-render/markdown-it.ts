// The parser that the renderer is built on, as it comes; with `blocks` only what the renderer asks it for, without inline markup.
import MarkdownIt from 'markdown-it';
import { serveRounds } from '../rounds.ts';
import { microsecondsOf } from './parser.ts';

const parser = new MarkdownIt({ html: true });
if (process.argv[3] === 'blocks') parser.core.ruler.enableOnly(['normalize', 'block']);

serveRounds(() => microsecondsOf((content) => parser.parse(content, {}).length));
