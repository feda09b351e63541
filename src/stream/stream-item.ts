import { BLOCK_META_SCHEMA, COMPONENT_VERSION, PROPS_SCHEMAS } from './block-schemas.ts';
import type { Block, TextBlock } from './blocks.ts';
import { isObject } from './json.ts';
import { fits, type JsonSchema } from './json-schema.ts';
import { malformed, OutkitStreamError } from './stream-error.ts';

/** Design tokens of a profile: custom properties of CSS and their values, such as `--outkit-primary`: `#1a73e8`. */
export type Design = Readonly<Record<string, string>>;

/** What a stream has: the design, which comes first, and blocks in document order. */
export type StreamItem = { type: 'design'; design: Design } | { type: 'block'; block: Block };

const DESIGN_SCHEMA: JsonSchema = { type: 'object', additionalProperties: { type: 'string' } };
/** Each component by name. A map, because a name such as `constructor` must not find anything. */
const PROPS_SCHEMA_OF: ReadonlyMap<unknown, JsonSchema> = new Map(Object.entries(PROPS_SCHEMAS));

/** What the data of an event mean: the design, or a block with its keys shortened to `c v p m f`. Throws `stream_malformed`, and as {@link blockOf}. */
export function itemOf(message: unknown): StreamItem {
  if (!isObject(message)) throw malformed('An event of the stream is no JSON object');
  if (message['type'] === 'meta') return designItem(message['design']);
  const { c: component, v: version, p: props, m: meta, f: fallback } = message;
  return blockItem({ component, version, props, meta, fallback });
}

/** The items of an answer in JSON mode, as a stream has them. */
export function* itemsOfAnswer(answer: unknown): Generator<StreamItem, void, undefined> {
  if (!isObject(answer) || !Array.isArray(answer['blocks'])) throw malformed('The answer has no blocks');
  yield designItem(answer['design']);
  for (const block of answer['blocks']) yield blockItem(block);
}

function designItem(design: unknown): StreamItem {
  if (!fits(design, DESIGN_SCHEMA)) throw malformed('The design is no list of names and values');
  return { type: 'design', design: design as Design };
}

function blockItem(value: unknown): StreamItem {
  return { type: 'block', block: blockOf(value) };
}

/**
 * A block of the types that {@link Block} promises; members that a newer server may add to the props are let through. Throws
 * `stream_malformed`, and `stream_unsupported` for a component or version that is not known here and has no fallback to be shown as text.
 */
function blockOf(value: unknown): Block {
  if (!isObject(value)) throw malformed('A block is no JSON object');
  const { component, version, props, meta, fallback } = value;
  if (typeof component !== 'string' || typeof version !== 'string') throw malformed('A block does not say what it is');
  if (fallback !== undefined && typeof fallback !== 'string') throw malformed('A fallback is no text');
  const schema = version === COMPONENT_VERSION ? PROPS_SCHEMA_OF.get(component) : undefined;
  if (schema === undefined) return textOf(fallback);
  if (!fits(props, schema)) throw malformed('The props of a block do not fit its component');
  if (meta !== undefined && !fits(meta, BLOCK_META_SCHEMA))
    throw malformed('The meta of a block is not as it has to be');
  const optional = { ...(meta !== undefined && { meta }), ...(fallback !== undefined && { fallback }) };
  return { component, version, props, ...optional } as Block;
}

function textOf(fallback: string | undefined): TextBlock {
  if (fallback !== undefined) {
    return { component: 'text', version: COMPONENT_VERSION, props: { content: fallback, variant: 'prose' } };
  }
  throw new OutkitStreamError(
    'stream_unsupported',
    'The server sent a component that this version does not know; update outkit, or ask with fallbackPolicy "always"',
  );
}
