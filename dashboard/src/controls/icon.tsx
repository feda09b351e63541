import styles from './controls.module.css';

const PATHS = {
  chevrons: 'm5 6 3-3 3 3M5 10l3 3 3-3',
  check: 'm3 8.5 3.5 3.5L13 4.5',
  copy: 'M6 6h7v7H6zM10 6V3H3v7h3',
  close: 'm4 4 8 8M12 4l-8 8',
  search: 'm10.5 10.5 3 3M7 11.5a4.5 4.5 0 1 1 0-9 4.5 4.5 0 0 1 0 9',
  person: 'M8 8a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5M3 13.5c.6-2.4 2.6-3.5 5-3.5s4.4 1.1 5 3.5',
  back: 'm9.5 3.5-4.5 4.5 4.5 4.5',
  up: 'm4 9.5 4-4 4 4',
  down: 'm4 6.5 4 4 4-4',
} as const;

interface IconProps {
  readonly name: keyof typeof PATHS;
  readonly className?: string | undefined;
}

/** A picture beside words: a screen reader passes over it. */
export function Icon({ name, className = styles.icon }: IconProps) {
  return (
    <svg className={className} viewBox="0 0 16 16" fill="none" aria-hidden="true">
      <path d={PATHS[name]} stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  );
}
