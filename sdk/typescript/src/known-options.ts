import { SettingsError } from "./errors.ts";

/**
 * Refuses options that do not exist, so that a misspelt one is not silently ignored.
 * @throws SettingsError that names the known ones
 */
export function requireKnown(of: string, options: object, known: readonly string[]): void {
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    throw new SettingsError(`${of} has no ${name}; it takes ${known.join(", ")}.`);
  }
}

/**
 * The value of an option that has two names.
 * @throws SettingsError if both are given
 */
export function oneOf<T>(options: Record<string, T | undefined>): T | undefined {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  if (given.length <= 1) return given[0]?.[1];
  const names = given.map(([name]) => name).join(" and ");
  throw new SettingsError(`${names} are the same: give one of them.`);
}
