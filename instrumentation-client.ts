/** Runs in the browser before anything else of the application. */

import { config } from "zod";

// zod would try whether it may compile its checks, which the page's policy refuses and reports.
config({ jitless: true });

type Report = typeof import("@/lib/api/client-errors").reportClientError;

/** Loaded with the first error: its schemas must come after the setting above. */
function report(...error: Parameters<Report>): void {
  void import("@/lib/api/client-errors").then(
    ({ reportClientError }) => reportClientError(...error),
    () => {},
  );
}

window.addEventListener("error", ({ error, message, filename, lineno, colno }) => {
  report("error", error ?? message, `${filename}:${lineno}:${colno}`);
});
window.addEventListener("unhandledrejection", ({ reason }) => report("rejection", reason));
