import { processSingleton } from "./process-singleton";

function stopController(): AbortController {
  return processSingleton("server-stop", () => new AbortController());
}

/** Aborts when the server has been told to stop: what waits for a client should then answer. */
export function stopSignal(): AbortSignal {
  return stopController().signal;
}

/** The server has been told to stop. Answers from now on close their connections. */
export function beginStop(): void {
  stopController().abort();
}
