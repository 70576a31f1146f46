"use client";

import { Ellipsis, Maximize, Maximize2, Minimize2 } from "lucide-react";
import type { ReactNode } from "react";
import { IconButton } from "@/components/ui/icon-button";
import { Menu, MenuItem, MenuSeparator } from "@/components/ui/overlays/menu";
import type { ChartToSave } from "../save/save-chart";
import { SaveItems } from "../save/save-items";
import type { PanelView } from "./panel-view";

export interface PanelMenuProps {
  /** The panel's whole name. */
  name: string;
  view: PanelView;
  chart: () => ChartToSave;
  /** Further items of the page. */
  children?: ReactNode;
  /** Items at the end, after those that save the chart. */
  end?: ReactNode;
}

const shownOnHover =
  "opacity-0 group-hover/panel:opacity-100 focus-visible:opacity-100 data-popup-open:opacity-100 pointer-coarse:opacity-100";

/** The menu of a panel: its size, what the page adds, and saving the chart. */
export function PanelMenu({ name, view, chart, children, end }: PanelMenuProps) {
  const { wide, full } = view;
  return (
    <Menu
      align="end"
      trigger={
        <IconButton label={`Options for ${name}`} size="sm" className={shownOnHover}>
          <Ellipsis />
        </IconButton>
      }
    >
      <MenuItem icon={wide ? <Minimize2 /> : <Maximize2 />} onClick={() => view.setWide(!wide)}>
        {wide ? "Make smaller" : "Make larger"}
      </MenuItem>
      <MenuItem icon={<Maximize />} onClick={() => view.setFull(!full)}>
        {full ? "Exit full screen" : "Full screen"}
      </MenuItem>
      {children}
      <MenuSeparator />
      <SaveItems chart={chart} />
      {end}
    </Menu>
  );
}
