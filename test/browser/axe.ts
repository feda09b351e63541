import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

export interface Fault {
  readonly rule: string;
  readonly impact: 'minor' | 'moderate' | 'serious' | 'critical' | null;
  /** The first characters of the element. */
  readonly element: string;
}

/** What axe finds fault with on a page as it stands, which has to be open without its policy. */
export async function faultsOf(page: Page): Promise<Fault[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.addScriptTag({ path: AXE });
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: {
        run(
          context: object,
        ): Promise<{ violations: (Pick<Fault, 'impact'> & { id: string; nodes: { html: string }[] })[] }>;
      };
    };
    // Whoever tabs to these is somewhere else at once: they keep the keyboard in a dialog or menu.
    const { violations } = await axe.run({ exclude: ['[data-base-ui-focus-guard]'] });
    return violations.flatMap(({ id: rule, impact, nodes }) =>
      nodes.map(({ html }) => ({ rule, impact, element: html.slice(0, 200) })),
    );
  });
}
