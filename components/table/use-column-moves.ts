import { type DragEvent, type KeyboardEvent, useState } from "react";
import { moveColumn } from "./column";

const dragType = "application/x-signalbox-column";

interface MovableColumn {
  id: string;
  title: string;
}

/** Moves a column by dragging its title, or by Shift and an arrow key on it. */
export function useColumnMoves(
  columns: readonly MovableColumn[],
  fixedCount: number,
  onOrder: (ids: string[]) => void,
) {
  const ids = columns.map(({ id }) => id);
  /** The drop target of a dragged column: before this index. */
  const [dropAt, setDropAt] = useState<number | null>(null);
  const [announcement, setAnnouncement] = useState("");
  const move = (id: string, to: number) => {
    const from = ids.indexOf(id);
    const next = moveColumn(ids, from, to);
    if (from < 0 || next.join() === ids.join()) return;
    onOrder(next);
    const position = fixedCount + next.indexOf(id) + 1;
    setAnnouncement(`${columns[from]?.title} is column ${position} of ${fixedCount + next.length}`);
  };
  const sideOf = (event: DragEvent, index: number) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    return event.clientX > left + width / 2 ? index + 1 : index;
  };
  const dragProps = (id: string) => {
    const index = ids.indexOf(id);
    return {
      draggable: true,
      onDragStart: (event: DragEvent) => {
        event.dataTransfer.setData(dragType, id);
        event.dataTransfer.effectAllowed = "move";
      },
      onDragEnd: () => setDropAt(null),
      onDragOver: (event: DragEvent) => {
        if (!event.dataTransfer.types.includes(dragType)) return;
        event.preventDefault();
        setDropAt(sideOf(event, index));
      },
      onDragLeave: () => setDropAt(null),
      onDrop: (event: DragEvent) => {
        event.preventDefault();
        setDropAt(null);
        const from = ids.indexOf(event.dataTransfer.getData(dragType));
        const moved = ids[from];
        if (moved === undefined) return;
        const to = sideOf(event, index);
        // Removing the column shifts the following ones by one.
        move(moved, from < to ? to - 1 : to);
      },
    };
  };
  const onKeyDown = (event: KeyboardEvent, id: string) => {
    const by = event.key === "ArrowLeft" ? -1 : event.key === "ArrowRight" ? 1 : 0;
    if (by === 0 || !event.shiftKey) return;
    event.preventDefault();
    move(id, Math.max(0, ids.indexOf(id) + by));
  };
  const dropMark = (id: string): "before" | "after" | null => {
    const index = ids.indexOf(id);
    if (dropAt === index) return "before";
    return dropAt === ids.length && index === ids.length - 1 ? "after" : null;
  };
  return { announcement, dragProps, onKeyDown, dropMark };
}
