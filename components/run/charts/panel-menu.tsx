"use client";

import {
  ArrowLeft,
  ArrowRight,
  Ellipsis,
  ListChecks,
  Maximize,
  Maximize2,
  Minimize2,
  Pin,
  PinOff,
  SlidersHorizontal,
  Trash2,
} from "lucide-react";
import { useState } from "react";
import type { PanelLineInfo } from "@/components/charts/panel/chart-panel";
import { SaveItems } from "@/components/charts/save/save-items";
import { PanelSettingsForm } from "@/components/charts/toolbar/panel-settings-form";
import { Button } from "@/components/ui/button";
import { IconButton } from "@/components/ui/icon-button";
import { Dialog } from "@/components/ui/overlays/dialog";
import { Menu, MenuItem, MenuSeparator } from "@/components/ui/overlays/menu";
import type { PanelSpec } from "@/lib/charts/panels/custom-panels";
import type { PanelSettings } from "@/lib/charts/panels/panel-settings";
import type { PanelStore } from "@/lib/charts/panels/panel-store";
import { CustomPanelDialog } from "./custom-panel-dialog";
import type { ChartView } from "./use-chart-params";

interface PanelMenuProps {
  /** The panel's key. */
  name: string;
  title: string;
  spec: PanelSpec | null;
  /** Every series of the run. */
  names: readonly string[];
  view: ChartView;
  settings: PanelSettings;
  store: PanelStore;
  lines: readonly PanelLineInfo[];
  /** Moves the panel one place within its group; null at the ends. */
  onMove: { earlier: (() => void) | null; later: (() => void) | null };
}

const hidden =
  "opacity-0 group-hover/panel:opacity-100 focus-visible:opacity-100 data-popup-open:opacity-100 pointer-coarse:opacity-100";

/** The menu of one panel, with its dialogs. */
export function PanelMenu(props: PanelMenuProps) {
  const { name, title, spec, view, settings, store, onMove } = props;
  const [open, setOpen] = useState(false);
  const [choosing, setChoosing] = useState(false);
  const pinned = view.pinned.includes(name);
  const wide = view.wide === name;
  const full = view.full === name;
  const chart = () => {
    const run = decodeURIComponent(location.pathname.split("/").at(-1) ?? "run");
    const { lines } = props;
    const picture = store.get();
    return { title, file: [run, title], picture, settings, lines, of: "series" };
  };
  return (
    <>
      <Menu
        align="end"
        trigger={
          <IconButton label={`Options for ${title}`} size="sm" className={hidden}>
            <Ellipsis />
          </IconButton>
        }
      >
        <MenuItem icon={pinned ? <PinOff /> : <Pin />} onClick={() => view.togglePin(name)}>
          {pinned ? "Unpin" : "Pin"}
        </MenuItem>
        <MenuItem
          icon={wide ? <Minimize2 /> : <Maximize2 />}
          onClick={() => view.setWide(wide ? null : name)}
        >
          {wide ? "Make smaller" : "Make larger"}
        </MenuItem>
        <MenuItem icon={<Maximize />} onClick={() => view.setFull(full ? null : name)}>
          {full ? "Exit full screen" : "Full screen"}
        </MenuItem>
        <MenuItem
          icon={<ArrowLeft />}
          disabled={!onMove.earlier}
          onClick={() => onMove.earlier?.()}
        >
          Move earlier
        </MenuItem>
        <MenuItem icon={<ArrowRight />} disabled={!onMove.later} onClick={() => onMove.later?.()}>
          Move later
        </MenuItem>
        <MenuItem icon={<SlidersHorizontal />} onClick={() => setOpen(true)}>
          Settings…
        </MenuItem>
        <MenuItem icon={<ListChecks />} onClick={() => setChoosing(true)}>
          {spec ? "Edit series…" : "New panel with this series…"}
        </MenuItem>
        <MenuSeparator />
        <SaveItems chart={chart} />
        {spec ? (
          <>
            <MenuSeparator />
            <MenuItem icon={<Trash2 />} onClick={() => view.removeCustom(spec.panel.id)}>
              Remove panel
            </MenuItem>
          </>
        ) : null}
      </Menu>
      <CustomPanelDialog
        open={choosing}
        onOpenChange={setChoosing}
        view={view}
        names={props.names}
        panel={spec?.panel}
        start={spec ? [] : [name]}
      />
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title={`Settings for ${title}`}
        description="These settings apply to this panel only."
        size="sm"
        footer={
          <Button
            size="sm"
            disabled={view.own[name] === undefined}
            onClick={() => view.resetOwn(name)}
          >
            Reset to shared settings
          </Button>
        }
      >
        <PanelSettingsForm
          settings={settings}
          onChange={(change) => view.changeOwn(name, change)}
        />
      </Dialog>
    </>
  );
}
