import { useEffect } from 'react';
import { texts } from '../texts.ts';

/** Names the page in the tab of the browser. */
export function usePageTitle(page: string): void {
  useEffect(() => {
    document.title = texts.title(page);
  }, [page]);
}
