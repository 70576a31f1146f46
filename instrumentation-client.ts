/** Runs in the browser before anything else of the application. */

import { config } from "zod";

// zod would try whether it may compile its checks, which the page's policy refuses and reports.
config({ jitless: true });
