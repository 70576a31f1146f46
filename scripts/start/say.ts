/** Tells the person at the terminal what is going on. */
export function say(text: string): void {
  console.log(text);
}
