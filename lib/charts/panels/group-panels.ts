import { namePattern } from "./name-pattern.ts";

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
  if (prefix === customGroup) return -1;
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

const special = /[\\^$*+?()[\]{}|]/;

/**
 * Returns whether a name matches a query: as a regular expression if the query looks like one, else
 * if it contains every word, in any order. Case is ignored.
 */
export function panelMatcher(query: string): (name: string) => boolean {
  const text = query.trim();
  if (special.test(text)) {
    const pattern = namePattern(text);
    // A half-typed expression is taken as words.
    if (pattern) return pattern;
  }
  const words = text.toLowerCase().split(/\s+/);
  return (name) => {
    const lower = name.toLowerCase();
    return words.every((word) => lower.includes(word));
  };
}

export const panelGroupings = ["prefix", "name", "none"] as const;
/** By the part before the first slash, by the part after it, or all together. */
export type PanelGrouping = (typeof panelGroupings)[number];

function groupOf(name: string, grouping: PanelGrouping): string {
  switch (grouping) {
    case "prefix":
      return seriesPrefix(name);
    case "name":
      return seriesLeaf(name);
    case "none":
      return "all";
  }
}

export interface PanelArrangement {
  query?: string;
  grouping?: PanelGrouping;
  /** Names that come first, in a group of their own. */
  pinned?: readonly string[];
  /** Names in the order that the reader gave them; within a group they come first. */
  order?: readonly string[];
  /** Custom panels, which have a group of their own and are listed by their keys. */
  custom?: readonly { key: string; title: string; names: readonly string[] }[];
}

export const pinnedGroup = "pinned";
/** Contains a space, so it is never the prefix of a series. */
const customGroup = "custom panels";

/** Groups panels: training and evaluation first, system metrics last. */
export function groupPanels(
  names: Iterable<string>,
  { query = "", grouping = "prefix", pinned = [], order = [], custom = [] }: PanelArrangement = {},
): PanelGroup[] {
  const matches = panelMatcher(query);
  const ownPlace = new Map(custom.map(({ key }, index) => [key, index]));
  const own = custom.filter((panel) => matches(panel.title) || panel.names.some(matches));
  const shown = [...own.map(({ key }) => key), ...[...new Set(names)].filter(matches)];
  const place = new Map(order.map((name, index) => [name, index]));
  const rank = (name: string) => place.get(name) ?? place.size;
  const groups = new Map<string, string[]>();
  for (const name of shown) {
    if (pinned.includes(name)) continue;
    const key = ownPlace.has(name) ? customGroup : groupOf(name, grouping);
    const group = groups.get(key);
    if (group) group.push(name);
    else groups.set(key, [name]);
  }
  const first = pinned.filter((name) => shown.includes(name));
  const rest = [...groups]
    .map(([prefix, members]) => ({
      prefix,
      names: members.sort(
        (a, b) =>
          rank(a) - rank(b) ||
          (ownPlace.get(a) ?? 0) - (ownPlace.get(b) ?? 0) ||
          groupRank(seriesPrefix(a)) - groupRank(seriesPrefix(b)) ||
          leafRank(a) - leafRank(b) ||
          natural.compare(a, b),
      ),
    }))
    .sort(
      (a, b) =>
        groupRank(a.prefix) - groupRank(b.prefix) ||
        leafRank(a.prefix) - leafRank(b.prefix) ||
        natural.compare(a.prefix, b.prefix),
    );
  return first.length > 0 ? [{ prefix: pinnedGroup, names: first }, ...rest] : rest;
}

/** The list with one of its names moved. */
export function moveTo(names: readonly string[], name: string, to: number): string[] {
  const moved = names.filter((other) => other !== name);
  moved.splice(to, 0, name);
  return moved;
}

/**
 * The order after a panel was moved within its group. It holds as few names as possible, and those
 * of other groups stay as they are.
 */
export function movePanel(
  order: readonly string[],
  group: readonly string[],
  name: string,
  to: number,
): string[] {
  const from = group.indexOf(name);
  const target = Math.min(group.length - 1, Math.max(0, to));
  if (from < 0 || from === target) return [...order];
  const moved = moveTo(group, name, target);
  const placed = group.reduce((last, other, index) => (order.includes(other) ? index : last), -1);
  const prefix = moved.slice(0, Math.max(from, target, placed) + 1);
  return [...order.filter((other) => !prefix.includes(other)), ...prefix];
}
