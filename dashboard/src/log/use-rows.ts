import { type RefObject, useEffect, useReducer, useState } from 'react';

/** Of each line, in pixels, as log.module.css draws it. */
export const ROW_HEIGHT = 34;
/** Around those that are seen, so that the keyboard and a quick wheel find them. */
const MARGIN_ROWS = 8;

/** Which rows of a list are seen in its place, from `first` up to before `last`. */
export function useRows(place: RefObject<HTMLElement | null>, count: number) {
  const [height, setHeight] = useState(0);
  const [, look] = useReducer((looks: number) => looks + 1, 0);
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const resizing = new ResizeObserver(() => setHeight(element.clientHeight));
    resizing.observe(element);
    return () => resizing.disconnect();
  }, [place]);
  const top = Math.min(place.current?.scrollTop ?? 0, Math.max(0, count * ROW_HEIGHT - height));
  return {
    first: Math.max(0, Math.floor(top / ROW_HEIGHT) - MARGIN_ROWS),
    last: Math.min(count, Math.ceil((top + height) / ROW_HEIGHT) + MARGIN_ROWS),
    onScroll: look,
  };
}
