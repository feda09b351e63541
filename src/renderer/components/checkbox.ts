import * as v from 'valibot';
import type { Built } from '../built.ts';
import { itemMarkdown, type List } from '../list.ts';
import type { SourceDocument } from '../source-document.ts';

/** A task list. Nested task lists are flattened: `depth` says how deep an item was, 0 for the outermost. */
export const checkboxProps = v.strictObject({
  items: v.array(
    v.strictObject({
      /** Markdown. */
      content: v.string(),
      checked: v.boolean(),
      depth: v.pipe(v.number(), v.integer(), v.minValue(0)),
    }),
  ),
  /** Number of the first item, when the list is a numbered one. */
  start: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(0))),
});

export type CheckboxProps = v.InferOutput<typeof checkboxProps>;

const TASK = /^\[([ xX])\][ \t\n]+\S/;
const TASK_MARKER = /^\[[ xX]\]\s+/;

/** True when every item of the list is a task (GFM, section 5.3); its nested lists are not asked. */
export function isTaskList(list: List): boolean {
  return list.items.every((item) => TASK.test(item.lead ?? ''));
}

/** Builds the checkboxes of a task list. */
export function buildCheckbox(list: List, document: SourceDocument): Built<'checkbox', CheckboxProps> {
  const items = flatten(list, document, 0);
  const done = items.filter((item) => item.checked).length;
  const props = { items, ...(list.ordered && { start: list.start }) };
  return { component: 'checkbox', props, confidence: 1, description: `${done} of ${items.length} done` };
}

/** Calls itself once for each nesting of lists, which the parser bounds. */
function flatten(list: List, document: SourceDocument, depth: number): CheckboxProps['items'] {
  return list.items.flatMap((item) => {
    const nested = item.lists.at(-1);
    // Only a list that ends its item is flattened: taking one out of the middle would change the order of the text.
    const subtasks = nested && nested.endLine === item.endLine && isTaskList(nested) ? nested : undefined;
    const markdown = itemMarkdown(document, item, subtasks?.startLine ?? item.endLine);
    const checked = TASK.exec(item.lead ?? '')?.[1] !== ' ';
    const own = { content: markdown.replace(TASK_MARKER, ''), checked, depth };
    return [own, ...(subtasks ? flatten(subtasks, document, depth + 1) : [])];
  });
}
