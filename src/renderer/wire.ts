import type { Block, BlockMeta } from './block.ts';

/** Design tokens of a profile: custom properties of CSS and their values, such as `--outkit-primary`: `#1a73e8`. */
export type Design = Readonly<Record<string, string>>;

/** A block with the short keys of the stream: component, version, props, meta, fallback. */
export interface CompactBlock {
  readonly c: Block['component'];
  readonly v: Block['version'];
  readonly p: Block['props'];
  readonly m?: BlockMeta;
  readonly f?: string;
}

/** Shortens the keys of a block. */
export function compact({ component, version, props, meta, fallback }: Block): CompactBlock {
  return {
    c: component,
    v: version,
    p: props,
    ...(meta && { m: meta }),
    ...(fallback !== undefined && { f: fallback }),
  };
}
