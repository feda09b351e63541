import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { componentTypes } from '../../scripts/component-types.ts';
import type * as renderer from '../renderer/block.ts';
import { blockMeta } from '../renderer/block.ts';
import { COMPONENT_NAMES, propsSchemas, COMPONENT_VERSION as RENDERER_VERSION } from '../renderer/components.ts';
import type * as wire from '../renderer/wire.ts';
import { BLOCK_META_SCHEMA, COMPONENT_VERSION, PROPS_SCHEMAS } from './block-schemas.ts';
import { fits } from './json-schema.ts';
import type { Block, BlockMeta, Design, TableBlock, TextBlock } from './stream.ts';

describe('the generated blocks', () => {
  it('say what the schemas of the renderer say now (else: npm run docs)', async () => {
    for (const [name, text] of Object.entries(await componentTypes())) {
      expect(readFileSync(new URL(name, import.meta.url), 'utf8'), name).toBe(text);
    }
    expect(COMPONENT_VERSION).toBe(RENDERER_VERSION);
  });

  // tsc judges it (`npm run lint`); assignable alone would let an optional member be missing.
  it('are of the very types of the renderer', () => {
    expectTypeOf<Block>().toExtend<renderer.Block>();
    expectTypeOf<renderer.Block>().toExtend<Block>();
    expectTypeOf<Block>().toEqualTypeOf<renderer.Block>();
    expectTypeOf<TextBlock>().toEqualTypeOf<renderer.BlockOf<'text'>>();
    expectTypeOf<TableBlock>().toEqualTypeOf<renderer.BlockOf<'table'>>();
    expectTypeOf<BlockMeta>().toEqualTypeOf<renderer.BlockMeta>();
    expectTypeOf<Design>().toEqualTypeOf<wire.Design>();
  });
});

const SAMPLES: Readonly<Record<Block['component'], Block['props']>> = {
  text: { content: 'a', variant: 'prose' },
  table: { columns: ['a'], rows: [{ a: '1' }], sortable: true, align: ['left', null] },
  chart: { type: 'pie', labels: ['a'], labelTitle: 'b', series: [{ name: 's', values: [1, null], unit: '%' }] },
  alert: { kind: 'tip', title: 'a', content: 'b' },
  checkbox: { items: [{ content: 'a', checked: true, depth: 0 }], start: 1 },
  steps: { start: 1, steps: [{ content: 'a' }] },
  code: { code: 'a', language: 'js', info: 'b' },
};

/** The same JSON with one of its values, at any depth, replaced or left out. */
function altered(json: unknown): fc.Arbitrary<unknown> {
  const other = fc.constantFrom<unknown>('x', 1, true, null, {}, [1], { a: 1 }, undefined);
  if (typeof json !== 'object' || json === null) return other;
  const within = Object.entries(json).map(([name, value]) =>
    altered(value).map((changed) => (Array.isArray(json) ? [changed] : { ...json, [name]: changed })),
  );
  return fc.oneof(other, ...within);
}

/** JSON has no `undefined`: such members are gone. */
function asJson(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}

describe('the schemas of the blocks', () => {
  it.each(COMPONENT_NAMES)('judge the types of the props of %s as the renderer does', (component) => {
    const schema = propsSchemas[component];
    expect(fits(SAMPLES[component], PROPS_SCHEMAS[component])).toBe(true);
    let refused = 0;
    fc.assert(
      fc.property(altered(SAMPLES[component]).map(asJson), (props) => {
        const { issues = [] } = v.safeParse(schema as v.GenericSchema, props);
        // Unknown members are let through, and so are bounds: those are the renderer's to keep.
        const ofTypes = issues.filter(({ kind, expected }) => kind === 'schema' && expected !== 'never');
        expect(fits(props, PROPS_SCHEMAS[component])).toBe(ofTypes.length === 0);
        refused += ofTypes.length === 0 ? 0 : 1;
      }),
      { numRuns: 300 },
    );
    expect(refused).toBeGreaterThan(50);
  });

  it('judge the meta of a block as the renderer does', () => {
    for (const meta of [{}, { title: 'a', confidence: 1 }, { title: 1 }, { confidence: '1' }, null]) {
      expect(fits(meta, BLOCK_META_SCHEMA)).toBe(v.is(blockMeta, meta));
    }
    // Where valibot takes an empty list for an object, we do not.
    expect(fits([], BLOCK_META_SCHEMA)).toBe(false);
  });

  it('take a column or member called __proto__ or constructor for what it is', () => {
    const table = (rows: string) => JSON.parse(`{"columns":["__proto__"],"rows":[${rows}],"sortable":true}`);
    expect(fits(table('{"__proto__":"1","constructor":"2"}'), PROPS_SCHEMAS.table)).toBe(true);
    expect(fits(table('{"__proto__":{"polluted":"1"}}'), PROPS_SCHEMAS.table)).toBe(false);
    expect(fits(JSON.parse('{"__proto__":{"code":"inherited"}}'), PROPS_SCHEMAS.code)).toBe(false);
    expect(fits(Object.create({ code: 'inherited' }), PROPS_SCHEMAS.code)).toBe(false);
    expect(fits(JSON.parse('{"code":"a","constructor":1}'), PROPS_SCHEMAS.code)).toBe(true);
  });
});
