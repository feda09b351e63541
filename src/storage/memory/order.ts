type Created = { readonly createdAt: number; readonly id: string };

/** The order of lists: by creation time, then id. */
export function byCreation(left: Created, right: Created): number {
  return left.createdAt - right.createdAt || compare(left.id, right.id);
}

export function compare(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
