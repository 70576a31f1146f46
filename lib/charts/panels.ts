/** Panels of one prefix, shown under one collapsible heading. */
export interface PanelGroup {
  prefix: string;
  names: string[];
}

/** The part before the first `/` or `.`; `other` for a name without one. */
export function seriesPrefix(name: string): string {
  const cut = name.search(/[/.]/);
  return cut > 0 ? name.slice(0, cut) : "other";
}

/** The name under its group's heading. */
export function seriesLeaf(name: string): string {
  const cut = name.search(/[/.]/);
  return cut > 0 && cut < name.length - 1 ? name.slice(cut + 1) : name;
}

const groupOrder = ["train", "eval", "val", "valid", "validation", "test"];
const leafOrder = [
  "loss",
  "reward_mean",
  "reward",
  "exact_match",
  "accuracy",
  "char_error_rate",
  "learning_rate",
  "lr",
  "grad_norm",
];

function groupRank(prefix: string): number {
  const known = groupOrder.indexOf(prefix);
  if (known >= 0) return known;
  if (prefix === "system") return 1000;
  return prefix === "other" ? 999 : 500;
}

function leafRank(name: string): number {
  const known = leafOrder.indexOf(seriesLeaf(name));
  return known >= 0 ? known : leafOrder.length;
}

const natural = new Intl.Collator("en", { numeric: true });

/** Whether every word of the query occurs in the name, in any order and case. */
export function matchesPanel(name: string, query: string): boolean {
  const lower = name.toLowerCase();
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => lower.includes(word));
}

/** Groups series by prefix: what people look at first stands first, the machine's figures last. */
export function groupPanels(names: Iterable<string>, query = ""): PanelGroup[] {
  const groups = new Map<string, string[]>();
  for (const name of new Set(names)) {
    if (!matchesPanel(name, query)) continue;
    const prefix = seriesPrefix(name);
    const group = groups.get(prefix);
    if (group) group.push(name);
    else groups.set(prefix, [name]);
  }
  return [...groups]
    .map(([prefix, members]) => ({
      prefix,
      names: members.sort((a, b) => leafRank(a) - leafRank(b) || natural.compare(a, b)),
    }))
    .sort(
      (a, b) => groupRank(a.prefix) - groupRank(b.prefix) || natural.compare(a.prefix, b.prefix),
    );
}
