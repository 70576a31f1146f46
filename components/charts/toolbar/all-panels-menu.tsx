"use client";

import { SlidersHorizontal } from "lucide-react";
import type { ComponentProps, ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { Popover } from "@/components/ui/overlays/popover";
import { PanelSettingsForm } from "./panel-settings-form";

interface AllPanelsMenuProps
  extends Pick<ComponentProps<typeof PanelSettingsForm>, "settings" | "onChange"> {
  /** Further settings of the page. */
  children?: ReactNode;
}

/** The settings of all panels of a page. */
export function AllPanelsMenu({ settings, onChange, children }: AllPanelsMenuProps) {
  return (
    <Popover
      title="All panels"
      align="end"
      className="w-80"
      trigger={
        <Button size="sm">
          <SlidersHorizontal aria-hidden /> Settings
        </Button>
      }
    >
      <PanelSettingsForm settings={settings} onChange={onChange} />
      {children}
    </Popover>
  );
}
