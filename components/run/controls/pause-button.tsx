"use client";

import { ChevronDown, HardDriveDownload, Hourglass, Pause } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Menu, MenuItem } from "@/components/ui/overlays/menu";

interface PauseButtonProps {
  pending: boolean;
  disabledReason: string | undefined;
  onPause: (mode: "hold" | "release") => void;
}

/** Pause, with a menu to hold or release the process. */
export function PauseButton({ pending, disabledReason, onPause }: PauseButtonProps) {
  return (
    <span className="inline-flex">
      <Button
        className="rounded-r-none"
        pending={pending}
        disabledReason={pending ? undefined : disabledReason}
        aria-keyshortcuts="p"
        onClick={() => onPause("hold")}
      >
        {pending ? null : <Pause aria-hidden />}
        {pending ? "Pausing…" : "Pause"}
      </Button>
      <Menu
        className="w-72"
        trigger={
          <Button
            size="icon"
            className="-ml-px w-6 rounded-l-none pointer-coarse:w-8 [&_svg]:size-3.5"
            aria-label="Pause options"
            disabled={pending || disabledReason !== undefined}
          >
            <ChevronDown aria-hidden />
          </Button>
        }
      >
        <MenuItem
          icon={<Hourglass aria-hidden />}
          shortcut="p"
          description="Waits before the next step. The process keeps its memory; resuming is instant."
          onClick={() => onPause("hold")}
        >
          Hold
        </MenuItem>
        <MenuItem
          icon={<HardDriveDownload aria-hidden />}
          description="Saves and verifies a checkpoint, then exits and frees the memory. Resuming starts a new attempt from the checkpoint."
          onClick={() => onPause("release")}
        >
          Release
        </MenuItem>
      </Menu>
    </span>
  );
}
