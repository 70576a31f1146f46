import { AsyncLocalStorage } from "node:async_hooks";
import { processSingleton } from "../process-singleton";

function actingUsers(): AsyncLocalStorage<string> {
  return processSingleton("acting-users", () => new AsyncLocalStorage<string>());
}

/** Does work for a user, whose turns its calls of the database take. */
export function asUser<T>(userId: string, work: () => T): T {
  return actingUsers().run(userId, work);
}

/** For whom the current work is done; undefined for the dashboard's own. */
export function actingUser(): string | undefined {
  return actingUsers().getStore();
}
