import { Select } from "@/components/ui/inputs/select";
import { Slider } from "@/components/ui/inputs/slider";
import { Switch } from "@/components/ui/inputs/switch";
import { maxAmount, type PanelSettings } from "@/lib/charts/panels/panel-settings";
import { axisOptions } from "./panel-settings-form";

interface SettingsBarProps {
  settings: PanelSettings;
  onChange: (change: Partial<PanelSettings>) => void;
}

/** The settings of all panels that are changed most often. */
export function SettingsBar({ settings, onChange }: SettingsBarProps) {
  return (
    <>
      <div className="flex items-center gap-2 text-xs text-muted">
        <span>Smoothing</span>
        <Slider
          label="Smoothing"
          className="ml-2 w-24"
          min={0}
          max={maxAmount}
          step={0.01}
          value={settings.amount}
          onValueChange={(amount) => onChange({ amount })}
        />
        <output className="nums w-7 font-mono text-2xs">{settings.amount.toFixed(2)}</output>
      </div>
      {/* biome-ignore lint/a11y/noLabelWithoutControl: the switch inside is its control. */}
      <label className="flex items-center gap-2 text-xs text-muted">
        Log scale
        <Switch checked={settings.logY} onCheckedChange={(logY) => onChange({ logY })} />
      </label>
      <Select
        label="X axis of all panels"
        className="w-34"
        value={settings.axis}
        options={axisOptions}
        onValueChange={(axis) => onChange({ axis })}
      />
    </>
  );
}
