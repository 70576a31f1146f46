import type { Job } from "@signalbox/protocol/job/job";
import { createJobsStore, type JobsStore } from "./jobs-store.ts";
import { createTrainingStore, type TrainingStore } from "./training-store.ts";

/** Stores that are kept without subscribers, so that going back shows the run at once. */
const maxIdleStores = 8;

/** The page reads predictions page by page; its stream says which epochs have new ones. */
const query = { predictions: "summary" };

const stores = new Map<string, { store: TrainingStore; users: number }>();
let jobsStore: JobsStore | null = null;

/** A server renders for many users: a store kept between requests could leak from one to another. */
const inBrowser = typeof window !== "undefined";

/** The page's one store of a run: its components share one connection. */
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
    query,
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

/** The run as the list's stream sends it: that connection replaces the one that has ended. */
function watchJobInList(jobId: string, onJob: (job: Job) => void): () => void {
  const list = sharedJobsStore();
  return list.subscribe(() => {
    const job = list.getSnapshot().jobs.get(jobId);
    if (job) onJob(job);
  });
}
