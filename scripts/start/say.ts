/** Prints progress to the terminal. */
export function say(text: string): void {
  console.log(text);
}
