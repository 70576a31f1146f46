import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { writeFileDurably } from "../../durable-file.ts";
import type { Snapshot } from "../trainer.ts";
import {
  type Checkpoint,
  type CheckpointHeader,
  decodeCheckpoint,
  encodeCheckpoint,
} from "./checkpoint.ts";

const FILE = /^ckpt-(\d{6})-step-(\d+)(-final)?\.ckpt$/;
const KEPT = 3;

export interface StoredCheckpoint {
  id: string;
  /** Counts the job's saves; the highest is the latest, whatever its step. */
  number: number;
  step: number;
  final: boolean;
}

export interface CheckpointInfo {
  id: string;
  step: number;
  epoch: number | null;
  verified: boolean;
  final: boolean;
  bytes: number;
  created_at: string;
}

/** The checkpoints of one job, in one folder. */
export class CheckpointStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Lists checkpoints without reading them, oldest first. */
  list(): StoredCheckpoint[] {
    return this.#names()
      .map((name) => {
        const [, number = "0", step = "0", final] = FILE.exec(name) ?? [];
        const id = name.replace(/\.ckpt$/, "");
        return { id, number: Number(number), step: Number(step), final: final !== undefined };
      })
      .sort((a, b) => a.number - b.number);
  }

  /**
   * Saves, reads back and verifies; only then deletes all but the last three and the final ones.
   * Throws if the disk fails or returns different bytes.
   */
  save(
    header: Omit<CheckpointHeader, "state" | "created_at">,
    snapshot: Snapshot,
    now = new Date(),
  ): StoredCheckpoint {
    mkdirSync(this.#folder, { recursive: true });
    const number = (this.list().at(-1)?.number ?? 0) + 1;
    const suffix = header.final ? "-final" : "";
    const id = `ckpt-${String(number).padStart(6, "0")}-step-${header.step}${suffix}`;
    const path = this.#path(id);
    writeFileDurably(
      path,
      encodeCheckpoint({ ...header, created_at: now.toISOString() }, snapshot),
    );
    decodeCheckpoint(readFileSync(path));
    this.#prune();
    return { id, number, step: header.step, final: header.final };
  }

  /** Reads and verifies one checkpoint; throws if it is missing or damaged. */
  load(id: string): Checkpoint {
    if (!this.list().some((c) => c.id === id)) throw new Error(`there is no checkpoint ${id}`);
    return decodeCheckpoint(readFileSync(this.#path(id)));
  }

  /** The last intact checkpoint, and the damaged ones after it. */
  lastVerified(): { found: StoredCheckpoint | null; damaged: StoredCheckpoint[] } {
    const damaged: StoredCheckpoint[] = [];
    for (const stored of this.list().reverse()) {
      if (this.#readable(stored.id)) return { found: stored, damaged };
      damaged.push(stored);
    }
    return { found: null, damaged };
  }

  /** Every checkpoint, verified now by its checksum; oldest first. */
  describe(): CheckpointInfo[] {
    return this.list().map(({ id, step, final }) => {
      const stat = statSync(this.#path(id));
      const header = this.#readable(id)?.header;
      return {
        id,
        step,
        epoch: header?.epoch ?? null,
        verified: header !== undefined,
        final,
        bytes: stat.size,
        created_at: header?.created_at ?? stat.mtime.toISOString(),
      };
    });
  }

  #readable(id: string): Checkpoint | null {
    try {
      return this.load(id);
    } catch {
      return null;
    }
  }

  #prune(): void {
    const prunable = this.list().filter((c) => !c.final);
    for (const old of prunable.slice(0, -KEPT)) rmSync(this.#path(old.id), { force: true });
  }

  #names(): string[] {
    try {
      return readdirSync(this.#folder).filter((name) => FILE.test(name));
    } catch {
      return [];
    }
  }

  #path(id: string): string {
    return join(this.#folder, `${id}.ckpt`);
  }
}
