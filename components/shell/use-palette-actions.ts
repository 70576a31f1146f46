"use client";

import { useQuery } from "@tanstack/react-query";
import {
  Bookmark,
  CircleAlert,
  CirclePlay,
  GitCompareArrows,
  Keyboard,
  LogOut,
  type LucideIcon,
  Moon,
  Plus,
  Sun,
} from "lucide-react";
import { useRouter } from "next/navigation";
import { useTheme } from "next-themes";
import { compareKeys, listViews } from "@/lib/api/compare";
import { useSignOut } from "@/lib/hooks/account/use-session";

export interface PaletteAction {
  label: string;
  icon: LucideIcon;
  shortcut?: string;
  run: () => void;
}

/** The palette's actions besides opening pages. */
export function usePaletteActions(
  openHelp: () => void,
  paletteOpen: boolean,
): readonly PaletteAction[] {
  const router = useRouter();
  const { resolvedTheme, setTheme } = useTheme();
  const { mutate: signOut } = useSignOut();
  const { data: saved } = useQuery({
    queryKey: compareKeys.views,
    queryFn: ({ signal }) => listViews(signal),
    enabled: paletteOpen,
  });
  const dark = resolvedTheme === "dark";
  return [
    { label: "New run", icon: Plus, shortcut: "n", run: () => router.push("/runs?new=1") },
    {
      label: "Show running runs",
      icon: CirclePlay,
      run: () => router.push("/runs?state=running"),
    },
    {
      label: "Show failed runs",
      icon: CircleAlert,
      run: () => router.push("/runs?state=failed,lost"),
    },
    { label: "Compare runs", icon: GitCompareArrows, run: () => router.push("/compare") },
    ...(saved?.views ?? []).map(
      (view): PaletteAction => ({
        label: `View: ${view.name}`,
        icon: Bookmark,
        run: () => router.push(`/${view.page}${view.query === "" ? "" : `?${view.query}`}`),
      }),
    ),
    {
      label: dark ? "Switch to light theme" : "Switch to dark theme",
      icon: dark ? Sun : Moon,
      run: () => setTheme(dark ? "light" : "dark"),
    },
    { label: "Keyboard shortcuts", icon: Keyboard, shortcut: "?", run: openHelp },
    { label: "Sign out", icon: LogOut, run: () => signOut() },
  ];
}
