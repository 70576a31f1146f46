import type { HTMLAttributes } from "react";

/** Drag and drop of a panel: the heading starts it, the panel is where others are dropped. */
export interface PanelDrag {
  heading: HTMLAttributes<HTMLElement>;
  target: HTMLAttributes<HTMLElement>;
  /** Another panel is dragged over this one. */
  over: boolean;
}
