/** The Signalbox mark: a semaphore with its arm raised. */
export function Mark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 20 20" fill="none" aria-hidden="true" className={className}>
      <path
        d="M5.75 3v13.5M3 16.75h5.5"
        stroke="currentColor"
        strokeWidth="1.9"
        strokeLinecap="round"
      />
      <path
        d="M5.75 5h11.7a.8.8 0 0 1 .8.8v2.4a.8.8 0 0 1-.8.8H5.75z"
        fill="var(--accent-ink)"
        transform="rotate(-23 5.75 7)"
      />
      <circle cx="5.75" cy="7" r="2" fill="var(--canvas)" stroke="currentColor" strokeWidth="1.5" />
    </svg>
  );
}
