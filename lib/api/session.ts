import {
  type Credentials,
  type SessionReply,
  sessionReplySchema,
} from "@signalbox/protocol/service/auth";
import { z } from "zod";
import { apiFetch } from "./client.ts";

const authReplySchema = z.object({
  /** The address must be confirmed by mail before signing in. */
  confirmation_required: z.boolean().optional(),
});

/** `GET /api/auth/session` */
export function getSession(signal?: AbortSignal): Promise<SessionReply> {
  return apiFetch("/api/auth/session", { schema: sessionReplySchema, signal });
}

/** `POST /api/auth/sign-in`: sets the session cookie. */
export function signIn(body: Credentials) {
  return apiFetch("/api/auth/sign-in", { schema: authReplySchema, method: "POST", body });
}

/** `POST /api/auth/sign-up` */
export function signUp(body: Credentials) {
  return apiFetch("/api/auth/sign-up", { schema: authReplySchema, method: "POST", body });
}

/** `POST /api/auth/local-owner`: on the machine itself the owner needs no password. */
export function signInLocalOwner() {
  return apiFetch("/api/auth/local-owner", { schema: authReplySchema, method: "POST", body: {} });
}

/** `POST /api/auth/links/use`: the token of a one-time link stands for the owner's password. */
export function signInByLink(token: string) {
  return apiFetch("/api/auth/links/use", {
    schema: authReplySchema,
    method: "POST",
    body: { token },
  });
}

/** `POST /api/auth/password-reset`: has a link for a new password sent. */
export function requestPasswordReset(email: string) {
  return apiFetch("/api/auth/password-reset", {
    schema: authReplySchema,
    method: "POST",
    body: { email },
  });
}

/** `POST /api/auth/new-password`: by the code of the e-mail's link; sets the session cookie. */
export function setNewPassword(body: { code: string; password: string }) {
  return apiFetch("/api/auth/new-password", { schema: authReplySchema, method: "POST", body });
}

/** `POST /api/auth/confirmation`: by the code of the e-mail's link; sets the session cookie. */
export function confirmEmail(code: string) {
  return apiFetch("/api/auth/confirmation", {
    schema: authReplySchema,
    method: "POST",
    body: { code },
  });
}

/** `POST /api/auth/sign-out` */
export async function signOut(): Promise<void> {
  await apiFetch("/api/auth/sign-out", { schema: z.unknown(), method: "POST", body: {} });
}
