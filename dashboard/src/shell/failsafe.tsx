import { Component, type ReactNode } from 'react';
import { Problem } from '../controls/problem.tsx';

interface FailsafeProps {
  readonly children: ReactNode;
}

/** Shows what failed in a part of the page instead of an empty page. A chunk of an older build that is gone fails here too. */
export class Failsafe extends Component<FailsafeProps, { readonly error: unknown }> {
  override readonly state: { readonly error: unknown } = { error: null };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    return error === null ? this.props.children : <Problem isPage error={error} onRetry={() => location.reload()} />;
  }
}
