import type { ComponentProps } from 'react';
import styles from './controls.module.css';

interface ButtonProps extends ComponentProps<'button'> {
  /** The one action of a page or dialog is primary, or danger when there is no way back; what stands beside text is quiet. */
  readonly kind?: 'primary' | 'danger' | 'secondary' | 'quiet';
}

export function Button({ kind = 'secondary', className, ...rest }: ButtonProps) {
  return <button type="button" className={buttonClass(kind, className)} {...rest} />;
}

/** For links and triggers that look like a button. */
export function buttonClass(kind: ButtonProps['kind'] = 'secondary', more?: string): string {
  const kinds = { primary: styles.primary, danger: styles.danger, secondary: undefined, quiet: styles.quiet };
  return [styles.button, kinds[kind], more].filter(Boolean).join(' ');
}
