import { z } from "zod";
import { apiFetch } from "./client.ts";

export const sessionSchema = z
  .object({
    user: z.object({ id: z.string(), email: z.string().nullish() }).nullable(),
    local_owner: z.boolean().default(false),
    auto_sign_in: z.boolean().default(false),
  })
  .loose();
export type Session = z.infer<typeof sessionSchema>;

export interface Credentials {
  email: string;
  password: string;
}

/** The sign-up reply says so where the address must be confirmed before signing in. */
const authReplySchema = z
  .object({ confirmation_required: z.boolean().optional() })
  .loose()
  .nullable();

/** `GET /api/auth/session` */
export function getSession(signal?: AbortSignal): Promise<Session> {
  return apiFetch("/api/auth/session", { schema: sessionSchema, signal });
}

/** `POST /api/auth/sign-in`: sets the session cookie. */
export function signIn(body: Credentials) {
  return apiFetch("/api/auth/sign-in", { schema: authReplySchema, method: "POST", body });
}

/** `POST /api/auth/sign-up` */
export function signUp(body: Credentials) {
  return apiFetch("/api/auth/sign-up", { schema: authReplySchema, method: "POST", body });
}

/** `POST /api/auth/sign-out` */
export async function signOut(): Promise<void> {
  await apiFetch("/api/auth/sign-out", { schema: z.unknown(), method: "POST", body: {} });
}
