import { z } from "zod";

/** A page that could not be shown; an error outside of pages; a promise that nobody handled. */
const clientErrorKindSchema = z.enum(["render", "error", "rejection"]);
export type ClientErrorKind = z.infer<typeof clientErrorKindSchema>;

export const clientErrorLimits = { message: 300, source: 300, page: 200 } as const;

export const clientErrorBodySchema = z.strictObject({
  kind: clientErrorKindSchema,
  message: z.string().max(clientErrorLimits.message),
  source: z
    .string()
    .max(clientErrorLimits.source)
    .optional()
    .describe("Where in the page's code, as far as the browser tells."),
  page: z.string().max(clientErrorLimits.page).optional().describe("The page's path."),
});
export type ClientErrorBody = z.infer<typeof clientErrorBodySchema>;

export const clientErrorReplySchema = z.object({ counted: z.literal(true) });
