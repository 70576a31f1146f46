import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";

interface Route {
  segments: string[];
  methods: string[];
}

/** The routes below `app/api` with the methods that each exports. */
export type ApiMethods = readonly Route[];

const isDynamic = (segment: string) => segment.startsWith("[");
/** `[...path]`: answers every path that no other route does. */
const isCatchAll = (segment: string) => segment.startsWith("[...");

/**
 * Reads the methods of every API route from its source, once at the start. Next answers an
 * unsupported method with an empty 405 and no `Allow`, and offers no place to change that.
 */
export function readApiMethods(root: string): ApiMethods {
  const app = join(root, "app");
  return readdirSync(join(app, "api"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(`${sep}route.ts`))
    .map((file) => {
      const path = join(app, "api", file);
      return {
        segments: relative(app, dirname(path)).split(sep),
        methods: exportedMethods(readFileSync(path, "utf8")),
      };
    })
    .filter(({ segments }) => !segments.some(isCatchAll));
}

function exportedMethods(source: string): string[] {
  const exports = source.match(/^export\b[^;=]*/gm) ?? [];
  const found = exports.flatMap((text) => text.match(/\b(GET|POST|PUT|PATCH|DELETE)\b/g) ?? []);
  const methods = [...new Set(found)];
  // Next derives both from the others.
  if (methods.includes("GET")) methods.push("HEAD");
  return [...methods, "OPTIONS"].sort();
}

/** The methods that the route of a path answers; null if it is no API route. */
export function allowedMethods(routes: ApiMethods, pathname: string): string[] | null {
  const parts = pathname.split("/").slice(1);
  const fitting = routes.filter(
    ({ segments }) =>
      segments.length === parts.length &&
      segments.every((segment, i) => isDynamic(segment) || segment === parts[i]),
  );
  // As in Next, a fixed segment goes before a dynamic one, from the left.
  const rank = ({ segments }: Route) => segments.map((s) => (isDynamic(s) ? "1" : "0")).join("");
  const [best] = fitting.sort((a, b) => rank(a).localeCompare(rank(b)));
  return best?.methods ?? null;
}
