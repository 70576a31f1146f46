"use client";

import { Minimize2 } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { IconButton } from "@/components/ui/icon-button";
import type { PanelView } from "./panel-view";

interface PanelActionsProps {
  view: PanelView;
  /** Part of the lines could not be loaded. */
  failed: boolean;
  onRetry: () => void;
  /** The page's own note and the menu. */
  children: ReactNode;
}

/** What stands at the end of a panel's heading. */
export function PanelActions({ view, failed, onRetry, children }: PanelActionsProps) {
  return (
    <>
      {failed ? (
        <Button size="sm" variant="ghost" onClick={onRetry}>
          Some data could not be loaded. Try again
        </Button>
      ) : null}
      {children}
      {view.full ? (
        <IconButton label="Exit full screen" size="sm" onClick={() => view.setFull(false)}>
          <Minimize2 />
        </IconButton>
      ) : null}
    </>
  );
}
