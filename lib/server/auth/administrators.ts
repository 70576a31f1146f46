import { env } from "../env";
import { AppError } from "../errors";
import { processSingleton } from "../process-singleton";
import { callRpc } from "../rpc/call-rpc";
import type { UserPrincipal } from "./principal";

interface Known {
  administrator: boolean;
  until: number;
}

const cacheForMs = 60_000;
const maxUsers = 1_000;

/** The local owner, and the e-mail addresses that the settings list. */
function administrators(): ReadonlySet<string> {
  const { SIGNALBOX_OWNER_EMAIL, SIGNALBOX_ADMINISTRATORS } = env();
  const listed = [SIGNALBOX_OWNER_EMAIL ?? "", ...SIGNALBOX_ADMINISTRATORS.split(",")];
  return new Set(listed.map((email) => email.trim().toLowerCase()).filter((email) => email !== ""));
}

/** Whether a user administers this service, so that they may see what all users together cost. */
export async function isAdministrator(userId: string): Promise<boolean> {
  const listed = administrators();
  if (listed.size === 0) return false;
  const known = processSingleton("known-administrators", () => new Map<string, Known>());
  const now = performance.now();
  const hit = known.get(userId);
  if (hit && hit.until > now) return hit.administrator;
  const email = await callRpc("user_email", { p_user_id: userId });
  const administrator = email !== null && listed.has(email);
  if (known.size >= maxUsers) known.clear();
  known.set(userId, { administrator, until: now + cacheForMs });
  return administrator;
}

/**
 * Hides what is for administrators from everybody else.
 * @throws AppError not_found, as for a route that does not exist
 */
export async function requireAdministrator({ userId }: UserPrincipal): Promise<void> {
  if (!(await isAdministrator(userId))) throw new AppError("not_found", "Route not found.");
}
