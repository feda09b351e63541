import { type JsonSchema, toJsonSchema } from '@valibot/to-json-schema';
import { alertProps } from './components/alert.ts';
import { chartProps } from './components/chart.ts';
import { checkboxProps } from './components/checkbox.ts';
import { codeProps } from './components/code.ts';
import { stepsProps } from './components/steps.ts';
import { tableProps } from './components/table.ts';
import { textProps } from './components/text.ts';

/** Version of every component's props; a change that could break a reader raises it. */
export const COMPONENT_VERSION = '1.0';

/** Schemas of the props, by component: types and the published JSON schemas come from here. */
export const propsSchemas = {
  text: textProps,
  table: tableProps,
  chart: chartProps,
  alert: alertProps,
  checkbox: checkboxProps,
  steps: stepsProps,
  code: codeProps,
} as const;

export type ComponentName = keyof typeof propsSchemas;

/** Every component name, in the order in which they are published. */
export const COMPONENT_NAMES = Object.keys(propsSchemas) as [ComponentName, ...ComponentName[]];

/** A component as `GET /components` publishes it. */
export interface ComponentListing {
  readonly component: ComponentName;
  readonly version: typeof COMPONENT_VERSION;
  readonly description: string;
  /** JSON schema (draft 7) of the props. */
  readonly props: JsonSchema;
}

const DESCRIPTIONS: Readonly<Record<ComponentName, string>> = {
  text: 'Markdown that no other component was made of, byte for byte.',
  table: 'A table: unique column names, and rows keyed by them.',
  chart: 'Numbers to be drawn as bars, lines or a pie: series over shared labels.',
  alert: 'A note, tip, important notice, warning or caution.',
  checkbox: 'A task list, nested lists flattened with their depth.',
  steps: 'Numbered instructions, in order.',
  code: 'Source code with its language.',
};

/** Every component with the schema of its props: the answer of `GET /components`. */
export const componentListings: readonly ComponentListing[] = COMPONENT_NAMES.map((component) => ({
  component,
  version: COMPONENT_VERSION,
  description: DESCRIPTIONS[component],
  // JSON has finite numbers only, so its schemas have no word for it.
  props: toJsonSchema(propsSchemas[component], { ignoreActions: ['finite'] }),
}));
