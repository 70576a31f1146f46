import { readdirSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import type { RouteDescription } from "../../lib/server/api-route.ts";

export type Handler = ((
  request: Request,
  context: { params: Promise<Record<string, string>> },
) => Promise<Response>) & { description: RouteDescription };

export interface Route {
  /** As Next names it: `/api/training/local/[id]/logs`. */
  pattern: string;
  segments: string[];
  handlers: Map<string, Handler>;
}

export interface Match {
  handler: Handler;
  params: Record<string, string>;
}

const root = join(import.meta.dirname, "../..");
const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/** Loads every `route.ts` below `app/api`. Settings must be in the environment before. */
export async function loadRoutes(): Promise<Route[]> {
  const files = readdirSync(join(root, "app/api"), { recursive: true, encoding: "utf8" })
    // The catch-all stands for what is no route at all.
    .filter((file) => file.endsWith("route.ts") && !file.includes("[..."))
    .map((file) => join(root, "app/api", file))
    .sort();
  return Promise.all(
    files.map(async (file) => {
      const module = (await import(/* @vite-ignore */ file)) as Record<string, Handler>;
      const segments = relative(join(root, "app"), dirname(file)).split(sep);
      const handlers = methods.flatMap((method) => {
        const handler = module[method];
        return handler ? [[method, handler] as const] : [];
      });
      return { pattern: `/${segments.join("/")}`, segments, handlers: new Map(handlers) };
    }),
  );
}

/** Finds the handler of a path as Next does: a fixed segment goes before a dynamic one. */
export function matchRoute(routes: Route[], method: string, pathname: string): Match {
  const parts = pathname.split("/").slice(1);
  const fitting = routes
    .filter(({ segments }) => segments.length === parts.length)
    .filter(({ segments }) => segments.every((name, i) => isDynamic(name) || name === parts[i]))
    .sort((a, b) => rank(a).localeCompare(rank(b)))[0];
  const handler = fitting?.handlers.get(method);
  if (!fitting || !handler) throw new Error(`No route answers ${method} ${pathname}`);
  const params = fitting.segments.flatMap((name, i) =>
    isDynamic(name) ? [[name.slice(1, -1), decodeURIComponent(parts[i] ?? "")] as const] : [],
  );
  return { handler, params: Object.fromEntries(params) };
}

function isDynamic(segment: string): boolean {
  return segment.startsWith("[");
}

function rank({ segments }: Route): string {
  return segments.map((name) => (isDynamic(name) ? "1" : "0")).join("");
}
