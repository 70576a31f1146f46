import {
  BookOpen,
  Gauge,
  GitCompareArrows,
  HardDrive,
  KeyRound,
  ListTree,
  type LucideIcon,
  Palette,
} from "lucide-react";

export interface PageLink {
  href: string;
  label: string;
  icon: LucideIcon;
}

/** The pages in the top bar. */
export const mainPages = [
  { href: "/runs", label: "Runs" },
  { href: "/compare", label: "Compare" },
  { href: "/settings", label: "Settings" },
] as const;

/** Every page the palette can open. */
export const palettePages: readonly PageLink[] = [
  { href: "/runs", label: "Runs", icon: ListTree },
  { href: "/compare", label: "Compare", icon: GitCompareArrows },
  { href: "/settings/api-keys", label: "Settings: API keys", icon: KeyRound },
  { href: "/settings/storage", label: "Settings: Storage", icon: HardDrive },
  { href: "/settings/usage", label: "Settings: Usage", icon: Gauge },
  { href: "/settings/appearance", label: "Settings: Appearance", icon: Palette },
  { href: "/docs/api", label: "API reference", icon: BookOpen },
];
