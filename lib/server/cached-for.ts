import { processSingleton } from "./process-singleton";

/** What `read` resolved to, or is about to, asked again once it is older than `ms`; once in a process. */
export function cachedFor<T>(name: string, ms: number, read: () => Promise<T>): Promise<T> {
  const cached = processSingleton(name, () => ({ at: 0, value: null as Promise<T> | null }));
  if (cached.value === null || performance.now() - cached.at > ms) {
    cached.at = performance.now();
    cached.value = read();
  }
  return cached.value;
}
