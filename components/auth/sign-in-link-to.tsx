import Link from "next/link";
import type { ReactNode } from "react";

/** A link between the pages for signing in. */
export function SignInLinkTo({ href, children }: { href: string; children: ReactNode }) {
  return (
    <Link
      href={href}
      className="rounded-sm font-medium text-accent-ink text-sm underline-offset-2 hover:underline"
    >
      {children}
    </Link>
  );
}
