import {
  createSignInLinkBodySchema,
  signInLinkReplySchema,
} from "@signalbox/protocol/service/auth";
import { apiRoute } from "@/lib/server/api-route";
import { createSignInLink } from "@/lib/server/auth/local/sign-in-link";

export const POST = apiRoute(
  {
    scope: "admin",
    body: createSignInLinkBodySchema,
    summary: "Create a link that signs one browser in",
    details: "As the local owner, who alone can create one. It works once.",
    reply: { 201: signInLinkReplySchema },
    example: { expires_in_s: 600 },
  },
  async ({ principal, body }) =>
    Response.json(await createSignInLink(principal, body.expires_in_s), { status: 201 }),
);
