import { z } from "zod";
import { panelMatcher } from "./group-panels.ts";

/** The most lines in one panel: more can't be told apart. */
export const maxPanelSeries = 50;

const customPanelSchema = z.object({
  id: z.string().regex(/^[a-z0-9]{1,12}$/),
  title: z.string().max(120),
  /** Series by name, whether or not the run has them yet. */
  names: z.array(z.string().max(256)).max(maxPanelSeries),
  /** Every series that matches this query, also those that come later. */
  match: z.string().max(200),
});
export type CustomPanel = z.infer<typeof customPanelSchema>;

/** The custom panels, as the URL has them. */
export const customPanelsSchema = z.array(customPanelSchema).max(50);

/** The key of a custom panel. The key of any other panel is the name of its series. */
export function customKey(id: string): string {
  return `~${id}`;
}

/** A custom panel with the series that it has now. */
export interface PanelSpec {
  key: string;
  title: string;
  names: readonly string[];
  /** The number of matching series above the limit. */
  left: number;
  panel: CustomPanel;
}

/** Resolves a panel's series: first the selected ones, then those that match its query. */
export function panelSpec(panel: CustomPanel, known: readonly string[]): PanelSpec {
  const matches = panel.match.trim() === "" ? () => false : panelMatcher(panel.match);
  const all = [...new Set([...panel.names, ...known.filter(matches)])];
  return {
    key: customKey(panel.id),
    title: panel.title.trim() || defaultTitle(panel),
    names: all.slice(0, maxPanelSeries),
    left: Math.max(0, all.length - maxPanelSeries),
    panel,
  };
}

/** The title of a panel that has none of its own: its series and its query. */
export function defaultTitle({ names, match }: Pick<CustomPanel, "names" | "match">): string {
  const parts = [...names, ...(match.trim() ? [match.trim()] : [])];
  const text = parts.slice(0, 3).join(", ");
  return parts.length > 3 ? `${text} and ${parts.length - 3} more` : text || "Panel";
}

/** An id that none of the panels has. */
export function newPanelId(panels: readonly CustomPanel[]): string {
  const taken = new Set(panels.map(({ id }) => id));
  let number = panels.length + 1;
  while (taken.has(String(number))) number += 1;
  return String(number);
}

/** The panels with one of them replaced or added. */
export function putPanel(panels: readonly CustomPanel[], panel: CustomPanel): CustomPanel[] {
  return panels.some(({ id }) => id === panel.id)
    ? panels.map((each) => (each.id === panel.id ? panel : each))
    : [...panels, panel];
}
