"use client";

import { ownValue } from "@signalbox/protocol/wire/json";
import {
  ArrowLeft,
  ArrowRight,
  ListChecks,
  Pin,
  PinOff,
  SlidersHorizontal,
  Trash2,
} from "lucide-react";
import { useState } from "react";
import { PanelMenu, type PanelMenuProps } from "@/components/charts/panel/panel-menu";
import { PanelSettingsForm } from "@/components/charts/toolbar/panel-settings-form";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/overlays/dialog";
import { MenuItem, MenuSeparator } from "@/components/ui/overlays/menu";
import type { PanelSpec } from "@/lib/charts/panels/custom-panels";
import { CustomPanelDialog } from "./custom-panel-dialog";
import type { ChartView } from "./use-chart-params";

interface SeriesMenuProps extends PanelMenuProps {
  /** The panel's key. */
  id: string;
  spec: PanelSpec | null;
  /** Every series of the run. */
  names: readonly string[];
  chartView: ChartView;
  /** Moves the panel one place within its group; null at the ends. */
  onMove: { earlier: (() => void) | null; later: (() => void) | null };
}

/** The menu of a run's panel: its place, its own settings, and its series. */
export function SeriesMenu(props: SeriesMenuProps) {
  const { id, spec, names, chartView, onMove, ...base } = props;
  const [settingsOpen, setSettingsOpen] = useState(false);
  const [seriesOpen, setSeriesOpen] = useState(false);
  const pinned = chartView.pinned.includes(id);
  return (
    <>
      <PanelMenu
        {...base}
        end={
          spec ? (
            <>
              <MenuSeparator />
              <MenuItem icon={<Trash2 />} onClick={() => chartView.removeCustom(spec.panel.id)}>
                Remove panel
              </MenuItem>
            </>
          ) : null
        }
      >
        <MenuItem icon={pinned ? <PinOff /> : <Pin />} onClick={() => chartView.togglePin(id)}>
          {pinned ? "Unpin" : "Pin"}
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
        <MenuItem icon={<SlidersHorizontal />} onClick={() => setSettingsOpen(true)}>
          Settings…
        </MenuItem>
        <MenuItem icon={<ListChecks />} onClick={() => setSeriesOpen(true)}>
          {spec ? "Edit series…" : "New panel with this series…"}
        </MenuItem>
      </PanelMenu>
      <CustomPanelDialog
        open={seriesOpen}
        onOpenChange={setSeriesOpen}
        view={chartView}
        names={names}
        panel={spec?.panel}
        start={spec ? [] : [id]}
      />
      <Dialog
        open={settingsOpen}
        onOpenChange={setSettingsOpen}
        title={`Settings for ${base.name}`}
        description="These settings apply to this panel only."
        size="sm"
        footer={
          <Button
            size="sm"
            disabled={ownValue(chartView.own, id) === undefined}
            onClick={() => chartView.resetOwn(id)}
          >
            Reset to shared settings
          </Button>
        }
      >
        <PanelSettingsForm
          settings={base.view.settings}
          onChange={(change) => chartView.changeOwn(id, change)}
        />
      </Dialog>
    </>
  );
}
