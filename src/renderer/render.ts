import type { Block, BlockMeta } from './block.ts';
import { COMPONENT_VERSION } from './components.ts';
import { parse, type Segment } from './parse.ts';
import { type BuiltComponent, type Candidate, recognise } from './recognise.ts';
import type { Preferences } from './request.ts';
import { SourceDocument } from './source-document.ts';

/** What to render, and how. */
export interface RenderRequest {
  /** Markdown, any string; at most MAX_CONTENT_BYTES, which the caller has checked. */
  readonly content: string;
  readonly preferences?: Preferences;
  /** Limit of the plan. Text does not count. */
  readonly maxComponents: number;
}

/** A piece of the document that becomes one block: a component, or text when `built` is missing. Offsets as in SourceDocument. */
interface Piece {
  readonly start: number;
  end: number;
  readonly built?: BuiltComponent;
  readonly title?: string | undefined;
  /** Holds what would have been another component: over the limit, or not to be built. */
  degraded: boolean;
}

const MAX_TITLE_LENGTH = 200;
const WRAPPING_EMPHASIS = /^(\*\*|__|\*|_)((?:(?!\1).)+)\1$/s;

/**
 * Turns markdown into blocks, in document order. The same request gives the same blocks; no string makes it fail, and time is linear
 * in its length. The pieces of all blocks, in order, are the document, byte for byte: a text block's piece is its content, and
 * with `fallbackPolicy: "always"` every other block carries its own as `fallback`. An empty document has no blocks.
 */
export function render({ content, preferences = {}, maxComponents }: RenderRequest): Block[] {
  const document = new SourceDocument(content);
  const segments = parse(document);
  const candidates = segments.map((segment, index) =>
    recognise(segment, { document, previous: segments[index - 1], preferences }),
  );
  const built = buildWithin(
    Math.min(maxComponents, preferences.maxComponents ?? maxComponents),
    candidates,
    preferences,
  );
  const pieces = mergeText(cut(document, segments, candidates, built));
  return pieces.map((piece) => blockOf(piece, content.slice(piece.start, piece.end), preferences));
}

/** Builds candidates until the limit is reached: the preferred types first, then the others, each in document order. */
function buildWithin(
  limit: number,
  candidates: readonly (Candidate | undefined)[],
  { preferredTypes = [] }: Preferences,
): Map<number, BuiltComponent> {
  const built = new Map<number, BuiltComponent>();
  for (const wantsPreferred of [true, false]) {
    for (const [index, candidate] of candidates.entries()) {
      if (built.size >= limit) return built;
      if (!candidate || preferredTypes.includes(candidate.component) !== wantsPreferred) continue;
      const component = candidate.build();
      if (component) built.set(index, component);
    }
  }
  return built;
}

/** One piece for each segment. A piece ends where the next one starts, so blank lines belong to what is before them. */
function cut(
  document: SourceDocument,
  segments: readonly Segment[],
  candidates: readonly (Candidate | undefined)[],
  built: ReadonlyMap<number, BuiltComponent>,
): Piece[] {
  const end = document.source.length;
  if (segments.length === 0) return end === 0 ? [] : [{ start: 0, end, degraded: false }];
  return segments.map((segment, index) => {
    const next = segments[index + 1];
    const component = built.get(index);
    return {
      // What is before the first block, blank lines and a byte order mark, is part of it.
      start: index === 0 ? 0 : document.offsetOfLine(segment.startLine),
      end: next ? document.offsetOfLine(next.startLine) : end,
      degraded: component ? component.degraded === true : candidates[index] !== undefined,
      ...(component && { built: component, title: component.title ?? headingText(segments[index - 1]) }),
    };
  });
}

/** Joins adjacent text, so that there are at most twice as many blocks as components, and one more. */
function mergeText(pieces: readonly Piece[]): Piece[] {
  const merged: Piece[] = [];
  for (const piece of pieces) {
    const last = merged.at(-1);
    if (last && !last.built && !piece.built) {
      last.end = piece.end;
      last.degraded ||= piece.degraded;
    } else {
      merged.push(piece);
    }
  }
  return merged;
}

function blockOf(piece: Piece, source: string, preferences: Preferences): Block {
  const policy = preferences.fallbackPolicy ?? 'onFail';
  const hasFallback = policy !== 'never' && (piece.degraded || (policy === 'always' && piece.built !== undefined));
  const fallback = hasFallback ? { fallback: source } : {};
  if (!piece.built) {
    return { component: 'text', version: COMPONENT_VERSION, props: { content: source, variant: 'prose' }, ...fallback };
  }
  const { component, props, confidence, description } = piece.built;
  const meta: BlockMeta = {
    ...(piece.title && { title: piece.title }),
    ...(preferences.density === 'detailed' && { description }),
    confidence,
  };
  // The union of components cannot be followed through the spread; each builder has typed its own pair of name and props.
  return { component, version: COMPONENT_VERSION, props, meta, ...fallback } as Block;
}

/** Text of a heading without emphasis around the whole of it; undefined for other segments and for a heading too long for a title. */
function headingText(segment: Segment | undefined): string | undefined {
  if (segment?.token.type !== 'heading_open') return undefined;
  const text = segment.inner[0]?.content ?? '';
  return text.length > MAX_TITLE_LENGTH ? undefined : text.replace(WRAPPING_EMPHASIS, '$2');
}
