import { useState } from 'react';
import { useSearchParams } from 'wouter';
import { ENVIRONMENTS } from '../../../src/core/environment.ts';
import { KEY_STATUSES } from '../../../src/core/key.ts';
import { type KeyFilter, type KeyOrder, SORTS, type Sort, safeSearch } from './key-list.ts';

/** How somebody looks at the keys. */
export interface KeyView {
  readonly filter: KeyFilter;
  readonly order: KeyOrder;
  readonly change: (change: Partial<KeyFilter>) => void;
  /** The other way round when it is in that order already. */
  readonly sortBy: (sort: Sort) => void;
  readonly clear: () => void;
}

const FILTERS = ['environment', 'status', 'ended'] as const;

/**
 * The filters and the order stand in the address, so that it can be kept and passed on. What is typed into the search does not: by
 * mistake it may be a key.
 */
export function useKeyView(): KeyView {
  const [params, setParams] = useSearchParams();
  const [search, setSearch] = useState('');
  const set = (changes: Readonly<Record<string, string | null>>) =>
    setParams(
      (before) => {
        const next = new URLSearchParams(before);
        for (const [name, value] of Object.entries(changes)) {
          if (value === null) next.delete(name);
          else next.set(name, value);
        }
        return next;
      },
      { replace: true },
    );
  const order = orderOf(params.get('sort'));
  return {
    filter: {
      search,
      environment: ENVIRONMENTS.find((one) => one === params.get('environment')) ?? null,
      status: KEY_STATUSES.find((one) => one === params.get('status')) ?? null,
      showEnded: params.get('ended') === '1',
    },
    order,
    change({ search: typed, showEnded, ...choices }) {
      if (typed !== undefined) setSearch(safeSearch(typed));
      if (showEnded !== undefined) set({ ended: showEnded ? '1' : null });
      if (Object.keys(choices).length > 0) set(choices);
    },
    sortBy(sort) {
      const isDescending = order.by === sort ? !order.isDescending : sort === 'used' || sort === 'activity';
      set({ sort: isDescending ? `-${sort}` : sort });
    },
    clear() {
      setSearch('');
      set(Object.fromEntries(FILTERS.map((name) => [name, null])));
    },
  };
}

function orderOf(text: string | null): KeyOrder {
  const by = SORTS.find((sort) => text === sort || text === `-${sort}`);
  return by === undefined ? { by: 'created', isDescending: true } : { by, isDescending: text === `-${by}` };
}
