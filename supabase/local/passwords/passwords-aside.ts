import { AsyncLocalStorage } from "node:async_hooks";
import bcrypt from "bcryptjs";
import type { Handler } from "../handler.ts";
import { PasswordPool, type Task, TooManySignIns } from "./password-pool.ts";

/** What one request has needed to know of passwords so far. */
interface Attempt {
  known: Map<string, string | boolean>;
  /** What it needs next; its answer is thrown away. */
  wanted: Task | null;
}

/** Ends a request that waits for a password; it is sent again with the result. */
export class PasswordWanted extends Error {}

/** A request needs two results at most: the comparison with the old password and the new hash. */
const maxAttempts = 4;

const attempts = new AsyncLocalStorage<Attempt>();
let replaced = false;

/**
 * Handles requests as `handle`, but works on passwords outside of it. lite hashes them in pure
 * JavaScript while it holds the database: half of a second in which nothing else is stored or read.
 * Here a request that comes to a password ends, and is sent again once a thread has the result.
 */
export function passwordsAside(handle: Handler): Handler {
  replaceBcrypt();
  const pool = new PasswordPool();
  return async (request) => {
    const body = await request.text();
    const again = () => new Request(request, body === "" ? {} : { body });
    const known: Attempt["known"] = new Map();
    for (let count = 1; count < maxAttempts; count++) {
      const attempt: Attempt = { known, wanted: null };
      const response = await attempts.run(attempt, () => handle(again()));
      if (!attempt.wanted) return response;
      try {
        known.set(keyOf(attempt.wanted), await pool.run(attempt.wanted));
      } catch (error) {
        if (error instanceof TooManySignIns) return busy();
        throw error;
      }
    }
    // It wants another one each time, such as a random one: let it do its own work.
    return handle(again());
  };
}

function busy(): Response {
  return Response.json(
    { code: 429, error_code: "over_request_rate_limit", msg: "Too many sign-ins at once" },
    { status: 429 },
  );
}

function keyOf(task: Task): string {
  return JSON.stringify(task);
}

/** lite calls the functions of this object, which the module exports as its default. */
function replaceBcrypt(): void {
  if (replaced) return;
  replaced = true;
  const { hash, compare } = bcrypt;
  Object.assign(bcrypt, {
    hash: (password: string, rounds: number) =>
      known({ kind: "hash", password, rounds }, () => hash(password, rounds)),
    compare: (password: string, hashed: string) =>
      known({ kind: "compare", password, hash: hashed }, () => compare(password, hashed)),
  });
}

async function known<T>(task: Task, work: () => Promise<T>): Promise<string | boolean | T> {
  const attempt = attempts.getStore();
  if (!attempt) return work();
  const result = attempt.known.get(keyOf(task));
  if (result !== undefined) return result;
  attempt.wanted = task;
  throw new PasswordWanted();
}
