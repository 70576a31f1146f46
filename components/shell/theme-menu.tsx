"use client";

import { Monitor, Moon, Sun } from "lucide-react";
import { useTheme } from "next-themes";
import { IconButton } from "@/components/ui/icon-button";
import { Menu, MenuRadioGroup } from "@/components/ui/overlays/menu";

export type ThemeChoice = "light" | "dark" | "system";

export const themeChoices = [
  { value: "light", label: "Light", icon: <Sun /> },
  { value: "dark", label: "Dark", icon: <Moon /> },
  { value: "system", label: "System", icon: <Monitor /> },
] as const satisfies readonly { value: ThemeChoice; label: string; icon: React.ReactNode }[];

export function toThemeChoice(theme: string | undefined): ThemeChoice {
  return theme === "light" || theme === "dark" ? theme : "system";
}

/** Light, dark or system theme. */
export function ThemeMenu({ className }: { className?: string }) {
  const { theme, setTheme } = useTheme();
  return (
    <Menu
      align="end"
      trigger={
        <IconButton label="Theme" size="sm" className={className ?? ""}>
          {/* Both icons are rendered and CSS picks one: the server does not know the theme. */}
          <span className="contents">
            <Sun className="dark:hidden" />
            <Moon className="hidden dark:block" />
          </span>
        </IconButton>
      }
    >
      <MenuRadioGroup
        value={toThemeChoice(theme)}
        onValueChange={setTheme}
        options={themeChoices}
      />
    </Menu>
  );
}
