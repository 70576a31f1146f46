import { describe, expect, it } from "vitest";
import {
  type ConnectionEvent,
  connectionStates,
  connectionTransitions,
  idleConnection,
  nextConnection,
} from "./connection.ts";

const events = Object.keys(connectionTransitions.idle) as ConnectionEvent[];

describe("the connection's table", () => {
  it("leads from idle to every state", () => {
    const reached = new Set(["idle"]);
    for (const state of connectionStates) {
      for (const from of connectionStates.filter((each) => reached.has(each))) {
        for (const event of events) reached.add(connectionTransitions[from][event] ?? state);
      }
    }
    expect([...reached].sort()).toEqual([...connectionStates].sort());
  });

  it("leaves an ended or refused stream only by a new start", () => {
    for (const state of ["ended", "refused"] as const) {
      const ways = events.filter((event) => connectionTransitions[state][event] !== null);
      expect(ways).toEqual(["start"]);
    }
  });

  it("keeps the object when nothing changes and the beginning of a state that goes on", () => {
    const idle = idleConnection(5);
    expect(nextConnection(idle, "overdue", 9)).toBe(idle);
    const connecting = nextConnection(idle, "start", 10);
    expect(connecting).toMatchObject({ state: "connecting", since: 10 });
    expect(nextConnection(connecting, "start", 20, { attempt: 3 })).toMatchObject({
      since: 10,
      attempt: 3,
    });
  });
});
