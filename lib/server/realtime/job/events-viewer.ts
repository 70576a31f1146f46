import { eventsForm } from "../frames/events-form.ts";
import type { FrameForm } from "../frames/frame-form.ts";
import { SingleViewer } from "./single-viewer.ts";

/** The viewer of a run's events alone, in the learning routes' shape. */
export class EventsViewer extends SingleViewer {
  protected override readonly form: FrameForm = eventsForm(this.jobId);
  #begun = false;

  /** A run that was created again begins anew with the next connection: there is no snapshot here. */
  override begin(generation: string, seq: number): void {
    if (this.#begun) this.queue.end();
    this.#begun = true;
    super.begin(generation, seq);
  }
}
