"use client";

import { CircleHelp, Search } from "lucide-react";
import { usePathname, useRouter } from "next/navigation";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { IconButton } from "@/components/ui/icon-button";
import { Kbd } from "@/components/ui/kbd";
import { useHotkeys } from "@/lib/hooks/page/use-hotkeys";
import { useModKey } from "@/lib/hooks/page/use-mod-key";
import { CommandPalette } from "./command-palette";
import { HelpSheet } from "./help-sheet";
import { Mark } from "./mark";
import { mainPages } from "./nav";
import { PrefetchLink } from "./prefetch-link";
import { ThemeMenu } from "./theme-menu";
import { usePaletteActions } from "./use-palette-actions";
import { UserMenu } from "./user-menu";

/** The bar on top of every page: navigation, search, help, theme, account. */
export function TopBar() {
  const pathname = usePathname();
  const router = useRouter();
  const mod = useModKey();
  const [paletteOpen, setPaletteOpen] = useState(false);
  const [helpOpen, setHelpOpen] = useState(false);
  const actions = usePaletteActions(() => setHelpOpen(true), paletteOpen);

  useHotkeys({
    "mod+k": () => setPaletteOpen((open) => !open),
    "?": () => setHelpOpen(true),
    n: () => router.push("/runs?new=1"),
  });

  return (
    <header className="sticky top-0 z-30 flex h-12 shrink-0 items-center gap-1 border-b border-line bg-canvas px-3 sm:px-4">
      <a
        href="#main"
        className="sr-only rounded-md bg-surface px-3 py-2 text-sm font-medium focus:not-sr-only focus:absolute focus:top-1.5 focus:left-2 focus:z-50"
      >
        Skip to content
      </a>
      <PrefetchLink
        href="/runs"
        aria-label="Signalbox: runs"
        className="mr-2 flex items-center gap-2 rounded-md text-base font-semibold tracking-tight sm:mr-3"
      >
        <Mark className="size-5" />
        <span className="max-sm:hidden">Signalbox</span>
      </PrefetchLink>
      <nav aria-label="Pages" className="flex h-full items-stretch">
        {mainPages.map(({ href, label }) => {
          const here = pathname === href || pathname.startsWith(`${href}/`);
          return (
            <PrefetchLink
              key={href}
              href={href}
              aria-current={here ? "page" : undefined}
              className={cn(
                "relative flex items-center rounded-md px-2.5 text-sm outline-offset-[-4px] transition-colors",
                here
                  ? "font-medium text-ink after:absolute after:inset-x-2.5 after:-bottom-px after:h-0.5 after:bg-ink"
                  : "text-muted hover:text-ink",
              )}
            >
              {label}
            </PrefetchLink>
          );
        })}
      </nav>
      <div className="flex flex-1 items-center justify-end gap-1">
        <Button
          size="sm"
          aria-keyshortcuts="Meta+K Control+K"
          onClick={() => setPaletteOpen(true)}
          className="mr-1 w-52 justify-start pr-1 font-normal text-faint max-md:hidden"
        >
          <Search aria-hidden />
          <span className="flex-1 text-left">Search…</span>
          <Kbd>{mod === "⌘" ? "⌘K" : "Ctrl K"}</Kbd>
        </Button>
        <IconButton
          label="Search"
          size="sm"
          className="md:hidden"
          onClick={() => setPaletteOpen(true)}
        >
          <Search />
        </IconButton>
        <IconButton
          label="Keyboard shortcuts"
          shortcut="?"
          size="sm"
          className="pointer-coarse:hidden max-sm:hidden"
          onClick={() => setHelpOpen(true)}
        >
          <CircleHelp />
        </IconButton>
        <ThemeMenu />
        <UserMenu />
      </div>
      <CommandPalette open={paletteOpen} onOpenChange={setPaletteOpen} actions={actions} />
      <HelpSheet open={helpOpen} onOpenChange={setHelpOpen} />
    </header>
  );
}
