// The parser that the renderer is built on, as it comes: blocks and inline, no rules of ours.
import MarkdownIt from 'markdown-it';
import { serveRounds } from '../rounds.ts';
import { microsecondsOf } from './parser.ts';

const parser = new MarkdownIt({ html: true });

serveRounds(() => microsecondsOf((content) => parser.parse(content, {}).length));
