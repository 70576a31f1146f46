"use client";

import { Radio } from "@base-ui/react/radio";
import { RadioGroup } from "@base-ui/react/radio-group";
import { jobStatuses } from "@signalbox/protocol/job/job";
import { useTheme } from "next-themes";
import { useSyncExternalStore } from "react";
import { type ThemeChoice, themeChoices, toThemeChoice } from "@/components/shell/theme-menu";
import { StatePill } from "@/components/ui/status/state-pill";
import { seriesColor } from "@/components/ui/status/state-roles";
import { SettingsHeader } from "./settings-header";

const never = () => () => {};

/** The theme, and a legend of its colours. */
export function AppearanceView() {
  const { theme, setTheme } = useTheme();
  const inBrowser = useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
  return (
    <>
      <SettingsHeader title="Appearance">Saved in this browser.</SettingsHeader>
      <RadioGroup
        aria-label="Theme"
        value={inBrowser ? toThemeChoice(theme) : ""}
        onValueChange={(next: ThemeChoice | "") => setTheme(next || "system")}
        className="grid gap-2 sm:grid-cols-3"
      >
        {themeChoices.map(({ value, label, icon }) => (
          <Radio.Root
            key={value}
            value={value}
            nativeButton
            render={<button type="button" />}
            className="flex h-11 items-center gap-2.5 rounded-md border border-line-strong bg-surface px-3 text-sm transition-colors hover:bg-hover data-checked:border-accent-ink data-checked:bg-accent-soft [&_svg]:size-4 [&_svg]:text-muted"
          >
            {icon}
            {label}
          </Radio.Root>
        ))}
      </RadioGroup>
      <section aria-labelledby="legend-title" className="mt-8">
        <h2 id="legend-title" className="text-base font-medium">
          Colour legend
        </h2>
        <p className="mt-1 max-w-xl text-sm text-pretty text-muted">
          Every state has an icon and a label as well as a colour. Series colours are
          distinguishable with colour blindness.
        </p>
        <div className="mt-4 flex flex-wrap gap-2">
          {jobStatuses.map((status) => (
            <StatePill key={status} status={status} />
          ))}
        </div>
        <div aria-hidden className="mt-4 flex h-2 max-w-md gap-1">
          {[0, 1, 2, 3, 4, 5, 6, 7].map((index) => (
            <span
              key={index}
              className="flex-1 rounded-full"
              style={{ backgroundColor: seriesColor(index) }}
            />
          ))}
        </div>
      </section>
    </>
  );
}
