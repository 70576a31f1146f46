import { processSingleton } from "./process-singleton";

function stopController(): AbortController {
  return processSingleton("server-stop", () => new AbortController());
}

/** Aborts when the server shuts down: pending long polls should then respond. */
export function stopSignal(): AbortSignal {
  return stopController().signal;
}

/** Begins the shutdown. Responses from now on close their connections. */
export function beginStop(): void {
  stopController().abort();
}
