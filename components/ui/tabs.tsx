"use client";

import { Tabs as BaseTabs } from "@base-ui/react/tabs";
import type { ReactNode } from "react";
import { cn } from "./cn";

interface TabsProps<T extends string> {
  value: T;
  onValueChange: (value: T) => void;
  tabs: readonly { value: T; label: ReactNode; count?: number | undefined }[];
  /** Names the row of tabs for screen readers. */
  label: string;
  /** `TabPanel`s, one for each tab. */
  children?: ReactNode;
  className?: string;
  listClassName?: string;
}

/** A row of tabs with an underline; scrolls sideways where needed. */
export function Tabs<T extends string>({
  value,
  onValueChange,
  tabs,
  label,
  children,
  className,
  listClassName,
}: TabsProps<T>) {
  return (
    <BaseTabs.Root
      value={value}
      onValueChange={(next: T) => onValueChange(next)}
      className={className}
    >
      <BaseTabs.List
        aria-label={label}
        className={cn(
          "scrollbar-none relative flex gap-1 overflow-x-auto border-b border-line",
          listClassName,
        )}
      >
        {tabs.map((tab) => (
          <BaseTabs.Tab
            key={tab.value}
            value={tab.value}
            className="flex h-9 shrink-0 items-center gap-1.5 rounded-t-md px-2.5 text-sm font-medium text-muted outline-offset-[-3px] transition-colors hover:text-ink data-active:text-ink pointer-coarse:h-11"
          >
            {tab.label}
            {tab.count === undefined ? null : (
              <span className="nums text-xs font-normal text-faint">{tab.count}</span>
            )}
          </BaseTabs.Tab>
        ))}
        <BaseTabs.Indicator className="absolute bottom-0 left-0 h-0.5 w-(--active-tab-width) translate-x-(--active-tab-left) bg-ink transition-[translate,width] duration-150 ease-out" />
      </BaseTabs.List>
      {children}
    </BaseTabs.Root>
  );
}

interface TabPanelProps {
  value: string;
  children: ReactNode;
  className?: string;
  keepMounted?: boolean;
}

export function TabPanel({ value, children, className, keepMounted = false }: TabPanelProps) {
  return (
    <BaseTabs.Panel value={value} keepMounted={keepMounted} className={className}>
      {children}
    </BaseTabs.Panel>
  );
}
