import { describe, expect, it } from "vitest";
import { TooManyWaiting, Turns } from "./turns.ts";

/** Tasks that end when they are told to, by name. */
function controlled() {
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const task = (name: string) => () => {
    begun.push(name);
    return new Promise<string>((resolve) => ends.set(name, () => resolve(name)));
  };
  return { begun, task, end: (name: string) => ends.get(name)?.() };
}

describe("long tasks", () => {
  it("run one of each user at a time, users in turn", async () => {
    const turns = new Turns({ atOnce: 2, maxWaiting: 10 });
    const { begun, task, end } = controlled();
    const done = ["a1", "a2", "a3", "b1", "c1"].map((name) =>
      turns.take(name[0] ?? "", task(name)),
    );
    expect(begun).toEqual(["a1", "b1"]);
    end("a1");
    await done[0];
    await Promise.resolve();
    expect(begun).toEqual(["a1", "b1", "a2"]);
    end("b1");
    await done[3];
    await Promise.resolve();
    expect(begun).toEqual(["a1", "b1", "a2", "c1"]);
    for (const name of ["a2", "c1"]) end(name);
    await Promise.all([done[1], done[4]]);
    await Promise.resolve();
    end("a3");
    expect(await Promise.all(done)).toEqual(["a1", "a2", "a3", "b1", "c1"]);
  });

  it("are refused to a user who has too many waiting, and to no other", async () => {
    const turns = new Turns({ atOnce: 1, maxWaiting: 2 });
    const { begun, task } = controlled();
    for (const name of ["a1", "a2", "a3"]) void turns.take("a", task(name));
    expect(() => turns.take("a", task("a4"))).toThrow(TooManyWaiting);
    void turns.take("b", task("b1"));
    expect(begun).toEqual(["a1"]);
  });

  it("go on after one that failed", async () => {
    const turns = new Turns({ atOnce: 1, maxWaiting: 2 });
    await expect(turns.take("a", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(await turns.take("a", async () => 1)).toBe(1);
  });
});
