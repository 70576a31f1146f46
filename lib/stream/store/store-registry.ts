import type { Job } from "@signalbox/protocol/job";
import { createJobsStore, type JobsStore } from "./jobs-store.ts";
import { createTrainingStore, type TrainingStore } from "./training-store.ts";

/** Runs whose store is kept after they were left, so that going back shows them at once. */
const maxIdleStores = 8;

const stores = new Map<string, { store: TrainingStore; users: number }>();
let jobsStore: JobsStore | null = null;

/** A server renders for many people: what it keeps between requests, one could see of another. */
const inBrowser = typeof window !== "undefined";

/** The page's one store of a run: however many components ask, there is one connection. */
export function trainingStore(jobId: string, initialJob: Job | null = null): TrainingStore {
  if (!inBrowser) return createTrainingStore(jobId, { initialJob });
  const known = stores.get(jobId);
  if (known) {
    stores.delete(jobId);
    stores.set(jobId, known);
    if (initialJob) known.store.applyJob(initialJob);
    return known.store;
  }
  const store = createTrainingStore(jobId, {
    initialJob,
    watchEnded: (onJob) => watchJobInList(jobId, onJob),
  });
  const entry = { store: counted(store), users: 0 };
  stores.set(jobId, entry);
  for (const [id, { users }] of stores) {
    if (stores.size <= maxIdleStores) break;
    if (users === 0 && id !== jobId) stores.delete(id);
  }
  return entry.store;

  function counted(store: TrainingStore): TrainingStore {
    return {
      ...store,
      subscribe(listener) {
        entry.users += 1;
        const unsubscribe = store.subscribe(listener);
        let left = false;
        return () => {
          if (left) return;
          left = true;
          entry.users -= 1;
          unsubscribe();
        };
      },
    };
  }
}

/** The page's one store of all runs. */
export function sharedJobsStore(): JobsStore {
  if (!inBrowser) return createJobsStore();
  jobsStore ??= createJobsStore();
  return jobsStore;
}

/** The run as the list's stream tells of it: one connection, in place of the one that has ended. */
function watchJobInList(jobId: string, onJob: (job: Job) => void): () => void {
  const list = sharedJobsStore();
  return list.subscribe(() => {
    const job = list.getSnapshot().jobs.get(jobId);
    if (job) onJob(job);
  });
}
