import { z } from "zod";
import { panelMatcher } from "./group-panels.ts";

/** Lines in one panel at most: more can't be told apart. */
export const maxPanelSeries = 50;

const customPanelSchema = z.object({
  id: z.string().regex(/^[a-z0-9]{1,12}$/),
  title: z.string().max(120),
  /** Series by name, whether or not the run has them yet. */
  names: z.array(z.string().max(256)).max(maxPanelSeries),
  /** Every series that this query means, also those that come later. */
  match: z.string().max(200),
});
export type CustomPanel = z.infer<typeof customPanelSchema>;

/** The panels somebody has put together, as they stand in the address. */
export const customPanelsSchema = z.array(customPanelSchema).max(50);

/** A panel of one series has its name for a key; one of several has this. */
export function customKey(id: string): string {
  return `~${id}`;
}

/** A panel that holds several series, with those it holds now. */
export interface PanelSpec {
  key: string;
  title: string;
  names: readonly string[];
  /** Series that belong here and find no room. */
  left: number;
  panel: CustomPanel;
}

/** A panel's series among those the run has: first the chosen ones, then what its query means. */
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

/** What a panel is called that has no title: its series, or its query. */
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

/** The panels with one of them changed, or added. */
export function putPanel(panels: readonly CustomPanel[], panel: CustomPanel): CustomPanel[] {
  return panels.some(({ id }) => id === panel.id)
    ? panels.map((each) => (each.id === panel.id ? panel : each))
    : [...panels, panel];
}
