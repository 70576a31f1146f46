const registry: Map<string, unknown> = (() => {
  const key = Symbol.for("signalbox.singletons");
  const host = globalThis as { [key]?: Map<string, unknown> };
  host[key] ??= new Map();
  return host[key];
})();

/**
 * One value per process. Next bundles routes and instrumentation separately, so a module variable
 * may exist twice; this registry does not.
 */
export function processSingleton<T>(name: string, create: () => T): T {
  if (!registry.has(name)) registry.set(name, create());
  return registry.get(name) as T;
}
