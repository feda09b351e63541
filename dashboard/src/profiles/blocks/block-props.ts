import * as v from 'valibot';

/** What of the props of each component is drawn. A block that does not fit is shown as JSON. */
const text = v.object({ content: v.string() });
/** A record would leave out names such as `__proto__`, and a column may be called so. */
const row = v.custom<Readonly<Record<string, unknown>>>((input) => typeof input === 'object' && input !== null);
const table = v.object({
  columns: v.array(v.string()),
  rows: v.array(row),
  align: v.optional(v.array(v.nullable(v.picklist(['left', 'center', 'right'])))),
});
const chart = v.object({
  type: v.picklist(['bar', 'line', 'pie']),
  labels: v.array(v.string()),
  series: v.array(
    v.object({ name: v.string(), values: v.array(v.nullable(v.number())), unit: v.optional(v.string(), '') }),
  ),
});
const alert = v.object({
  kind: v.picklist(['note', 'tip', 'important', 'warning', 'caution']),
  title: v.optional(v.string()),
  content: v.string(),
});
const checkbox = v.object({
  items: v.array(v.object({ content: v.string(), checked: v.boolean(), depth: v.number() })),
});
const steps = v.object({ start: v.number(), steps: v.array(v.object({ content: v.string() })) });
const code = v.object({ code: v.string(), language: v.optional(v.string()) });

const drawn = v.variant('component', [
  v.object({ component: v.literal('text'), props: text }),
  v.object({ component: v.literal('table'), props: table }),
  v.object({ component: v.literal('chart'), props: chart }),
  v.object({ component: v.literal('alert'), props: alert }),
  v.object({ component: v.literal('checkbox'), props: checkbox }),
  v.object({ component: v.literal('steps'), props: steps }),
  v.object({ component: v.literal('code'), props: code }),
]);

export type DrawnBlock = v.InferOutput<typeof drawn>;
export type PropsOf<Component extends DrawnBlock['component']> = Extract<DrawnBlock, { component: Component }>['props'];

/** `null` for a component that is not known here, as of a newer server. */
export function drawnBlock(block: unknown): DrawnBlock | null {
  const read = v.safeParse(drawn, block);
  return read.success ? read.output : null;
}
