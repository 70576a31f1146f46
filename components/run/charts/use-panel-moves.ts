import { type DragEvent, useState } from "react";
import type { PanelDrag } from "@/components/charts/panel/panel-drag";
import { movePanel, moveTo, type PanelGroup, pinnedGroup } from "@/lib/charts/panels/group-panels";
import type { ChartView } from "./use-chart-params";

const dragType = "application/x-signalbox-panel";

/** Moves a panel within its group, by the menu or by dragging its heading. */
export function usePanelMoves(name: string, group: PanelGroup, view: ChartView) {
  const [over, setOver] = useState(false);
  const { names, prefix } = group;
  const at = names.indexOf(name);
  const move = (moved: string, to: number) => {
    if (prefix === pinnedGroup) view.setPinned(moveTo(names, moved, to));
    else view.setOrder(movePanel(view.order, names, moved, to));
  };
  const heading: PanelDrag["heading"] = {
    draggable: true,
    onDragStart: (event) => {
      event.dataTransfer.setData(dragType, name);
      event.dataTransfer.effectAllowed = "move";
    },
  };
  const accepts = (event: DragEvent) => event.dataTransfer.types.includes(dragType);
  const target: PanelDrag["target"] = {
    onDragOver: (event) => {
      if (!accepts(event)) return;
      event.preventDefault();
      setOver(true);
    },
    onDragLeave: () => setOver(false),
    onDrop: (event) => {
      setOver(false);
      const moved = event.dataTransfer.getData(dragType);
      if (names.includes(moved)) move(moved, at);
    },
  };
  return {
    moves: {
      earlier: at > 0 ? () => move(name, at - 1) : null,
      later: at < names.length - 1 ? () => move(name, at + 1) : null,
    },
    drag: { heading, target, over },
  };
}
