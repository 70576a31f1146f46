/** Counts what users have open in this process. */
export class OpenCounts {
  readonly #open = new Map<string, number>();

  used(user: string): number {
    return this.#open.get(user) ?? 0;
  }

  /** Counts one more, until the returned function is called; calling it again has no effect. */
  add(user: string): () => void {
    this.#open.set(user, this.used(user) + 1);
    let open = true;
    return () => {
      if (!open) return;
      open = false;
      const left = this.used(user) - 1;
      if (left > 0) this.#open.set(user, left);
      else this.#open.delete(user);
    };
  }
}
