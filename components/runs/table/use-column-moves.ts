import { type DragEvent, type KeyboardEvent, useState } from "react";
import { type ColumnId, columnTitle, moveColumn } from "./column-ids";

const dragType = "application/x-signalbox-column";

/** Puts a column in another place: by dragging its title, or by shift and an arrow key on it. */
export function useColumnMoves(
  columns: readonly ColumnId[],
  onColumns: (columns: ColumnId[]) => void,
) {
  /** Before which column (or behind the last) what is dragged would stand. */
  const [target, setTarget] = useState<number | null>(null);
  /** Said to screen readers. */
  const [said, setSaid] = useState("");
  const move = (id: ColumnId, to: number) => {
    const from = columns.indexOf(id);
    const next = moveColumn(columns, from, to);
    if (from < 0 || next.join() === columns.join()) return;
    onColumns(next);
    setSaid(`${columnTitle(id)} is column ${next.indexOf(id) + 2} of ${next.length + 1}`);
  };
  const accepts = (event: DragEvent) => event.dataTransfer.types.includes(dragType);
  const sideOf = (event: DragEvent, index: number) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    return event.clientX > left + width / 2 ? index + 1 : index;
  };
  const columnProps = (id: ColumnId, index: number) => ({
    draggable: true,
    onDragStart: (event: DragEvent) => {
      event.dataTransfer.setData(dragType, id);
      event.dataTransfer.effectAllowed = "move";
    },
    onDragEnd: () => setTarget(null),
    onDragOver: (event: DragEvent) => {
      if (!accepts(event)) return;
      event.preventDefault();
      setTarget(sideOf(event, index));
    },
    onDragLeave: () => setTarget(null),
    onDrop: (event: DragEvent) => {
      event.preventDefault();
      setTarget(null);
      const moved = columns.find((each) => each === event.dataTransfer.getData(dragType));
      if (!moved) return;
      const to = sideOf(event, index);
      // Taken out of its place, it leaves those behind it one place nearer.
      move(moved, columns.indexOf(moved) < to ? to - 1 : to);
    },
  });
  const onKeyDown = (event: KeyboardEvent, id: ColumnId, index: number) => {
    const by = event.key === "ArrowLeft" ? -1 : event.key === "ArrowRight" ? 1 : 0;
    if (by === 0 || !event.shiftKey) return;
    event.preventDefault();
    move(id, Math.max(0, index + by));
  };
  return { target, said, columnProps, onKeyDown };
}
