"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { cn } from "@/components/ui/cn";
import { useSession } from "@/lib/hooks/account/use-session";

const pages = [
  { href: "/settings/api-keys", label: "API keys" },
  { href: "/settings/storage", label: "Storage" },
  { href: "/settings/usage", label: "Usage" },
  { href: "/settings/appearance", label: "Appearance" },
  { href: "/docs/api", label: "API reference" },
] as const;
const servicePage = { href: "/settings/service", label: "Service" } as const;

/** The settings navigation: a column, or a row on a phone. */
export function SettingsNav() {
  const pathname = usePathname();
  const session = useSession();
  const shown = session.data?.administrator ? [...pages, servicePage] : pages;
  return (
    <nav
      aria-label="Settings"
      className="flex gap-1 overflow-x-auto [scrollbar-width:none] md:flex-col"
    >
      {shown.map(({ href, label }) => (
        <Link
          key={href}
          href={href}
          aria-current={pathname === href ? "page" : undefined}
          className={cn(
            "flex h-8 items-center whitespace-nowrap rounded-md px-2.5 text-sm transition-colors pointer-coarse:h-10",
            pathname === href
              ? "bg-active font-medium text-ink"
              : "text-muted hover:bg-hover hover:text-ink",
          )}
        >
          {label}
        </Link>
      ))}
    </nav>
  );
}
