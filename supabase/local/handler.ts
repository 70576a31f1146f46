/** Answers requests under `/rest/v1` and `/auth/v1`. */
export type Handler = (request: Request) => Promise<Response>;
