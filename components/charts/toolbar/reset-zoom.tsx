import { ZoomOut } from "lucide-react";
import { Button } from "@/components/ui/button";
import { formatAxisValue } from "@/lib/charts/axes/axis-ticks";
import type { ChartZoom } from "@/lib/charts/panels/panel-settings";
import { formatInteger } from "@/lib/format/number";

function zoomText({ from, to, shown }: ChartZoom): string {
  if (!shown) return `steps ${formatInteger(from)}–${formatInteger(to)}`;
  return `${formatAxisValue(shown.axis, shown.min)} – ${formatAxisValue(shown.axis, shown.max)}`;
}

/** Shows the zoomed range and resets it. */
export function ResetZoom({ zoom, onBack }: { zoom: ChartZoom; onBack: () => void }) {
  return (
    <Button size="sm" onClick={onBack}>
      <ZoomOut aria-hidden />
      <span className="nums">{zoomText(zoom)}</span>
      <span className="sr-only">: reset zoom</span>
    </Button>
  );
}
