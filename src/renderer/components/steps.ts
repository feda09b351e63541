import * as v from 'valibot';
import { type Built, countOf } from '../built.ts';
import { itemMarkdown, type List } from '../list.ts';
import type { SourceDocument } from '../source-document.ts';

/** Numbered instructions, in order. */
export const stepsProps = v.strictObject({
  /** Number of the first step. */
  start: v.pipe(v.number(), v.integer(), v.minValue(0)),
  steps: v.array(
    v.strictObject({
      /** Markdown, with the lists and code that belong to the step. */
      content: v.string(),
    }),
  ),
});

export type StepsProps = v.InferOutput<typeof stepsProps>;

/** True for a numbered list of two items or more: a rule that holds in every language, where looking for verbs would not. */
export function isSteps(list: List): boolean {
  return list.ordered && list.items.length > 1;
}

/** Builds the steps of a numbered list. */
export function buildSteps(list: List, document: SourceDocument): Built<'steps', StepsProps> {
  const steps = list.items.map((item) => ({ content: itemMarkdown(document, item, item.endLine) }));
  return {
    component: 'steps',
    props: { start: list.start, steps },
    confidence: 0.7,
    description: countOf(steps.length, 'step'),
  };
}
