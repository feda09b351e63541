export function Mark({ className }: { readonly className?: string | undefined }) {
  return (
    <svg className={className} viewBox="0 0 24 24" aria-hidden="true">
      <rect width="24" height="24" rx="6" fill="var(--accent)" />
      <path d="M6 7h12v3H6zm0 5h7v5H6zm9 0h3v5h-3z" fill="var(--on-accent)" />
    </svg>
  );
}
