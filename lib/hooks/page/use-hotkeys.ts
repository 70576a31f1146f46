import { useEffect, useRef } from "react";

/**
 * Handlers by key as the keyboard sends it (`j`, `/`, `?`, `Escape`), or `mod+k` for ⌘ and Ctrl.
 */
export type Hotkeys = Record<string, (event: KeyboardEvent) => void>;

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || /^(input|textarea|select)$/i.test(target.tagName);
}

/** Whether an open dialog or menu takes the keys. */
function isModalOpen(): boolean {
  return (
    document.querySelector(
      "[role=dialog]:not([hidden]), [role=alertdialog]:not([hidden]), [role=menu], [role=listbox]",
    ) !== null
  );
}

/**
 * Binds keys to the page. Plain keys are ignored while typing or in a dialog; `mod+…` keys always
 * work.
 */
export function useHotkeys(keys: Hotkeys, enabled = true): void {
  const latest = useRef(keys);

  // Keeps the listener below in step with the last render.
  useEffect(() => {
    latest.current = keys;
  });

  // The keyboard.
  useEffect(() => {
    if (!enabled) return;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing || event.altKey) return;
      const mod = event.metaKey || event.ctrlKey;
      const handler = latest.current[mod ? `mod+${event.key.toLowerCase()}` : event.key];
      if (!handler || (!mod && (isTyping(event.target) || isModalOpen()))) return;
      event.preventDefault();
      handler(event);
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, [enabled]);
}
