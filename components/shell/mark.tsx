/** The Signalbox mark: a semaphore with its arm raised. */
export function Mark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 20 20" fill="none" aria-hidden="true" className={className}>
      <path d="M6 3.5v13" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />
      <path d="M3.25 16.75h5.5" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />
      <path d="M6 7.75 16.2 3.6" stroke="var(--accent-ink)" strokeWidth="3" strokeLinecap="round" />
      <circle cx="6" cy="7.75" r="2.25" fill="currentColor" />
    </svg>
  );
}
