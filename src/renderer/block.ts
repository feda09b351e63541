import * as v from 'valibot';
import { COMPONENT_VERSION, type ComponentName, propsSchemas } from './components.ts';

/** What is known about a block beside its props. */
export const blockMeta = v.strictObject({
  title: v.exactOptional(v.string()),
  description: v.exactOptional(v.string()),
  /** From 0 to 1. */
  confidence: v.exactOptional(v.pipe(v.number(), v.minValue(0), v.maxValue(1))),
});

export type BlockMeta = v.InferOutput<typeof blockMeta>;

/** One piece of the answer. `fallback` is the exact piece of the document that it stands for. */
export type BlockOf<Name extends ComponentName> = {
  component: Name;
  version: typeof COMPONENT_VERSION;
  props: v.InferOutput<(typeof propsSchemas)[Name]>;
  meta?: BlockMeta;
  fallback?: string;
};

export type Block = { [Name in ComponentName]: BlockOf<Name> }[ComponentName];

/** Closed schema of any block. */
export const blockSchema = v.variant('component', [
  schemaOf('text'),
  schemaOf('table'),
  schemaOf('chart'),
  schemaOf('alert'),
  schemaOf('checkbox'),
  schemaOf('steps'),
  schemaOf('code'),
]);

function schemaOf<Name extends ComponentName>(component: Name) {
  return v.strictObject({
    component: v.literal(component),
    version: v.literal(COMPONENT_VERSION),
    props: propsSchemas[component],
    meta: v.exactOptional(blockMeta),
    fallback: v.exactOptional(v.string()),
  });
}
