"use client";

import { Select } from "@/components/ui/inputs/select";
import { Slider } from "@/components/ui/inputs/slider";
import { Switch } from "@/components/ui/inputs/switch";
import type { XAxis } from "@/lib/charts/axes/x-axis";
import {
  maxAmount,
  outlierFractions,
  type PanelSettings,
} from "@/lib/charts/panels/panel-settings";
import type { SmoothingKind } from "@/lib/charts/series/smooth";
import { formatPercent } from "@/lib/format/number";

export const axisOptions: { value: XAxis; label: string }[] = [
  { value: "step", label: "Step" },
  { value: "epoch", label: "Epoch" },
  { value: "relative", label: "Relative time" },
  { value: "wall", label: "Wall time" },
];

const smoothingOptions: { value: SmoothingKind; label: string }[] = [
  { value: "exponential", label: "Exponential" },
  { value: "gaussian", label: "Gaussian" },
  { value: "mean", label: "Running mean" },
];

const outlierOptions = outlierFractions.map((part) => ({
  value: String(part),
  label: part === 0 ? "Show all" : `Hide outermost ${formatPercent(part)}`,
}));

interface PanelSettingsFormProps {
  settings: PanelSettings;
  onChange: (change: Partial<PanelSettings>) => void;
}

/** The form for panel settings, of all panels or of one. */
export function PanelSettingsForm({ settings, onChange }: PanelSettingsFormProps) {
  return (
    <div className="flex flex-col gap-3 text-sm">
      <Row label="X axis">
        <Select
          label="X axis"
          value={settings.axis}
          options={axisOptions}
          onValueChange={(axis) => onChange({ axis })}
        />
      </Row>
      <Row label="Smoothing">
        <Select
          label="Smoothing type"
          value={settings.smoothing}
          options={smoothingOptions}
          onValueChange={(smoothing) => onChange({ smoothing })}
        />
      </Row>
      <Row label="Amount">
        <span className="flex items-center gap-2 pl-2">
          <Slider
            label="Amount of smoothing"
            className="min-w-0 flex-1"
            min={0}
            max={maxAmount}
            step={0.01}
            value={settings.amount}
            onValueChange={(amount) => onChange({ amount })}
          />
          <output className="nums w-7 text-right font-mono text-2xs">
            {settings.amount.toFixed(2)}
          </output>
        </span>
      </Row>
      <Row label="Outliers">
        <Select
          label="Outliers"
          value={String(settings.outliers)}
          options={outlierOptions}
          onValueChange={(part) => onChange({ outliers: Number(part) })}
        />
      </Row>
      <SwitchRow
        label="Logarithmic x axis"
        checked={settings.logX}
        disabled={settings.axis === "wall"}
        onChange={(logX) => onChange({ logX })}
      />
      <SwitchRow
        label="Logarithmic y axis"
        checked={settings.logY}
        onChange={(logY) => onChange({ logY })}
      />
    </div>
  );
}

function Row({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <div className="grid grid-cols-[5.5rem_1fr] items-center gap-2">
      <span className="text-muted">{label}</span>
      {children}
    </div>
  );
}

interface SwitchRowProps {
  label: string;
  checked: boolean;
  disabled?: boolean;
  onChange: (on: boolean) => void;
}

export function SwitchRow({ label, checked, disabled = false, onChange }: SwitchRowProps) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the switch inside is its control.
    <label className="flex min-h-8 items-center justify-between gap-2 text-muted">
      {label}
      <Switch checked={checked && !disabled} disabled={disabled} onCheckedChange={onChange} />
    </label>
  );
}
