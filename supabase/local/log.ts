/** Takes one line for the person who runs the server. */
export type Log = (line: string) => void;
