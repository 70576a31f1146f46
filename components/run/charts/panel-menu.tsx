"use client";

import {
  ArrowLeft,
  ArrowRight,
  Download,
  Ellipsis,
  Maximize,
  Maximize2,
  Minimize2,
  Pin,
  PinOff,
  SlidersHorizontal,
} from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { readChartTheme } from "@/components/charts/chart-theme";
import { fileName, saveFile, svgToPng } from "@/components/charts/save-picture";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { IconButton } from "@/components/ui/icon-button";
import { Menu, MenuItem, MenuSeparator } from "@/components/ui/menu";
import { chartCsv } from "@/lib/charts/chart-csv";
import type { PanelSettings } from "@/lib/charts/chart-settings";
import { chartSvg } from "@/lib/charts/chart-svg";
import type { PreparedSeries } from "@/lib/charts/prepare-series";
import type { SeriesCell } from "@/lib/charts/series-cell";
import { seriesColour } from "@/lib/charts/series-colour";
import { smoothLine } from "@/lib/charts/smooth";
import type { XRange } from "@/lib/charts/x-axis";
import { logRange, logStart, withoutOutliers, yRange } from "@/lib/charts/y-range";
import { PanelSettingsForm } from "./panel-settings-form";
import type { ChartView } from "./use-chart-params";

interface PanelMenuProps {
  name: string;
  view: ChartView;
  settings: PanelSettings;
  cell: SeriesCell;
  /** Moves the panel by so many places within its group; null where it has no neighbour there. */
  onMove: { earlier: (() => void) | null; later: (() => void) | null };
}

const hidden =
  "opacity-0 group-hover/panel:opacity-100 focus-visible:opacity-100 data-popup-open:opacity-100 pointer-coarse:opacity-100";

/** What can be done with one panel. */
export function PanelMenu({ name, view, settings, cell, onMove }: PanelMenuProps) {
  const [open, setOpen] = useState(false);
  const pinned = view.pinned.includes(name);
  const wide = view.wide === name;
  const full = view.full === name;
  const pictureOf = (): Picture => {
    const { prepared: series, range } = cell.get();
    return { name, settings, series, range };
  };
  const save = (kind: "svg" | "png" | "csv") =>
    void savePanel(pictureOf(), kind).catch(() => toast.error("The file could not be made."));
  return (
    <>
      <Menu
        align="end"
        trigger={
          <IconButton label={`Options of ${name}`} size="sm" className={hidden}>
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
          {full ? "Leave full screen" : "Full screen"}
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
        <MenuSeparator />
        <MenuItem icon={<Download />} onClick={() => save("png")}>
          Picture (PNG)
        </MenuItem>
        <MenuItem icon={<Download />} onClick={() => save("svg")}>
          Picture (SVG)
        </MenuItem>
        <MenuItem icon={<Download />} onClick={() => save("csv")}>
          Data (CSV)
        </MenuItem>
      </Menu>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title={`Settings of ${name}`}
        description="What is set here holds for this panel, whatever all others show."
        size="sm"
        footer={
          <Button
            size="sm"
            disabled={view.own[name] === undefined}
            onClick={() => view.resetOwn(name)}
          >
            As all panels
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

interface Picture {
  name: string;
  settings: PanelSettings;
  series: PreparedSeries;
  range: XRange;
}

function bounds({ series, settings }: Picture): XRange {
  const all = withoutOutliers(series, settings.outliers) ?? {
    min: Math.min(...series.low.map((v) => v ?? Number.POSITIVE_INFINITY)),
    max: Math.max(...series.high.map((v) => v ?? Number.NEGATIVE_INFINITY)),
  };
  const positive = series.low.filter((value) => value !== null && value > 0);
  const low = settings.logY ? Math.min(...positive.map((value) => value ?? 1)) : all.min;
  const [min, max] = (settings.logY ? logRange : yRange)(low, all.max);
  return { min, max };
}

function svgOf(picture: Picture): string {
  const { name, settings, series, range } = picture;
  const { axis, logX, logY, smoothing: kind, amount } = settings;
  const theme = readChartTheme(document.documentElement, seriesColour(name));
  const start = logX && range.min <= 0 ? logStart(series.x) : range.min;
  return chartSvg({
    title: name,
    series,
    smooth: amount > 0 ? smoothLine(series.x, series.line, { kind, amount }) : null,
    axis,
    x: { min: start, max: range.max },
    y: bounds(picture),
    logX,
    logY,
    colours: { ...theme, ink: theme.markerText, faint: theme.axis },
  });
}

async function savePanel(picture: Picture, kind: "svg" | "png" | "csv"): Promise<void> {
  const { name, series, settings } = picture;
  const run = decodeURIComponent(location.pathname.split("/").at(-1) ?? "run");
  const file = fileName([run, name], kind);
  if (kind === "csv") {
    saveFile(file, new Blob([chartCsv(series, settings.axis)], { type: "text/csv" }));
    return;
  }
  const svg = svgOf(picture);
  saveFile(file, kind === "png" ? await svgToPng(svg) : new Blob([svg], { type: "image/svg+xml" }));
}
