/** Prints progress to the terminal. */
export function say(text: string): void {
  console.log(text);
}

/** Goes on when nobody takes the output any more: a closed terminal, a pipe's other end that ended. */
export function outliveOutput(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
}
