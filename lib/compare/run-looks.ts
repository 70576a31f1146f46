/** How a run is drawn: a place in the series colours, 1–8, and a dash for those that share one. */
export interface RunLook {
  colour: number;
  dash: readonly number[];
}

const colours = 8;
const dashes: readonly (readonly number[])[] = [[], [7, 3], [2, 3], [9, 3, 2, 3], [14, 4]];

function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  return value;
}

/** The colour a run has on its own. */
export function runColour(id: string): number {
  return (hash(id) % colours) + 1;
}

/**
 * A look for each run, in the order given: its own colour where that is free, else the next; once
 * all eight are taken, dashed. Who comes first keeps its look when others join or leave.
 */
export function runLooks(ids: readonly string[]): Map<string, RunLook> {
  const looks = new Map<string, RunLook>();
  const taken = new Set<number>();
  for (const id of ids) {
    const round = Math.floor(looks.size / colours);
    let place = hash(id) % colours;
    while (taken.has(round * colours + place)) place = (place + 1) % colours;
    taken.add(round * colours + place);
    looks.set(id, { colour: place + 1, dash: dashes[round % dashes.length] ?? [] });
  }
  return looks;
}
