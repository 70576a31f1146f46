import { type MapColouring, mapColours, type Rgb } from "@/lib/predictions/map-picture";

const css = ([red, green, blue]: Rgb) => `rgb(${red} ${green} ${blue})`;

/** In both themes at once: the page shows the one that it is in. */
function Swatch({ light, dark }: { light: string; dark: string }) {
  const shape = "h-2.5 w-4 rounded-xs border border-line";
  return (
    <>
      <i aria-hidden className={`${shape} dark:hidden`} style={{ background: light }} />
      <i aria-hidden className={`${shape} not-dark:hidden`} style={{ background: dark }} />
    </>
  );
}

function ramp(theme: "light" | "dark"): string {
  const { near, far } = mapColours[theme];
  return `linear-gradient(to right, ${css(near)}, ${css(far)})`;
}

/** What the colours say. */
export function MapLegend({ colouring }: { colouring: MapColouring }) {
  const { light, dark } = mapColours;
  return (
    <ul className="flex flex-wrap items-center gap-x-3 gap-y-1 text-2xs text-muted">
      <li className="flex items-center gap-1">
        <Swatch light={css(light.right)} dark={css(dark.right)} /> right
      </li>
      {colouring === "error" ? (
        <li className="nums flex items-center gap-1">
          wrong, error rate 0
          <i
            aria-hidden
            className="h-2.5 w-12 rounded-xs border border-line dark:hidden"
            style={{ background: ramp("light") }}
          />
          <i
            aria-hidden
            className="h-2.5 w-12 rounded-xs border border-line not-dark:hidden"
            style={{ background: ramp("dark") }}
          />
          1 or more
        </li>
      ) : (
        <li className="flex items-center gap-1">
          <Swatch light="rgb(194 125 76)" dark="rgb(186 117 57)" /> wrong
        </li>
      )}
      <li className="flex items-center gap-1">
        <Swatch light={css(light.unscored)} dark={css(dark.unscored)} /> no truth
      </li>
      <li className="flex items-center gap-1">
        <Swatch light={css(light.none)} dark={css(dark.none)} /> none
      </li>
    </ul>
  );
}
