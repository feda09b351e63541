import type { ReactNode } from 'react';

interface NamedProps {
  readonly name: string;
  readonly children: ReactNode;
}

/** One thing of a list of things with names (`dl`), which decides how it looks. */
export function Named({ name, children }: NamedProps) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
