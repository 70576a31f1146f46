"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/inputs/field";
import { Input } from "@/components/ui/inputs/input";
import { Dialog } from "@/components/ui/overlays/dialog";
import {
  type CustomPanel,
  defaultTitle,
  maxPanelSeries,
  newPanelId,
  panelSpec,
} from "@/lib/charts/panels/custom-panels";
import { panelMatcher } from "@/lib/charts/panels/group-panels";
import { formatInteger } from "@/lib/format/number";
import { SeriesChoice } from "./series-choice";
import type { ChartView } from "./use-chart-params";

interface CustomPanelDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  view: ChartView;
  /** Every series of the run. */
  names: readonly string[];
  /** The panel to edit; undefined adds a new one. */
  panel?: CustomPanel | undefined;
  /** The series a new panel starts with. */
  start?: readonly string[];
}

/** Chooses the series of a panel, by name or by an expression that also matches future series. */
export function CustomPanelDialog(props: CustomPanelDialogProps) {
  const { open, onOpenChange, panel } = props;
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={panel ? "Edit series" : "New panel"}
      description="Plot several series in one panel. The panel is saved in the URL, so you can share this view."
      bare
    >
      <PanelForm key={panel?.id ?? "new"} {...props} />
    </Dialog>
  );
}

function PanelForm({ onOpenChange, view, names, panel, start = [] }: CustomPanelDialogProps) {
  const [draft, setDraft] = useState<CustomPanel>(
    panel ?? { id: newPanelId(view.custom), title: "", names: [...start], match: "" },
  );
  const spec = panelSpec(draft, names);
  const full = draft.names.length >= maxPanelSeries;
  return (
    <form
      className="flex min-h-0 flex-col"
      onSubmit={(event) => {
        event.preventDefault();
        if (spec.names.length === 0 && draft.match.trim() === "") return;
        view.putCustom({ ...draft, title: draft.title.trim(), match: draft.match.trim() });
        onOpenChange(false);
      }}
    >
      <div className="flex min-h-0 flex-col gap-4 overflow-y-auto px-5 py-4">
        <SeriesChoice
          names={names}
          chosen={draft.names}
          full={full}
          onChange={(chosen) => setDraft({ ...draft, names: chosen })}
        />
        <Field
          label="Also include series that match"
          hint={draft.match.trim() ? matchHint(draft.match, names) : undefined}
          help="Words or a regular expression. New series that match are added automatically."
        >
          <Input
            value={draft.match}
            maxLength={200}
            placeholder="^train/.*loss"
            onValueChange={(match) => setDraft({ ...draft, match })}
          />
        </Field>
        <Field label="Title">
          <Input
            value={draft.title}
            maxLength={120}
            placeholder={defaultTitle(draft)}
            onValueChange={(title) => setDraft({ ...draft, title })}
          />
        </Field>
      </div>
      <footer className="flex items-center justify-end gap-3 border-t border-line px-5 py-3">
        <p className="nums mr-auto text-xs text-muted" aria-live="polite">
          {formatInteger(spec.names.length)} series
          {spec.left > 0
            ? `; ${formatInteger(spec.left)} more exceed the limit of ${maxPanelSeries}`
            : ""}
        </p>
        <Button type="button" onClick={() => onOpenChange(false)}>
          Cancel
        </Button>
        <Button
          type="submit"
          variant="primary"
          disabled={spec.names.length === 0 && draft.match.trim() === ""}
        >
          {panel ? "Save" : "Add panel"}
        </Button>
      </footer>
    </form>
  );
}

function matchHint(match: string, names: readonly string[]): string {
  const count = names.filter(panelMatcher(match)).length;
  return `${formatInteger(count)} ${count === 1 ? "match" : "matches"}`;
}
