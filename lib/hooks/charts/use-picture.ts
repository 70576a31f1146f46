import { useMemo } from "react";
import { useSyncExternalStoreWithSelector } from "use-sync-external-store/with-selector";
import type { Picture, PictureStore } from "@/lib/charts/kinds/panel-kind";
import type { PanelSettings } from "@/lib/charts/panels/panel-settings";
import type { PanelStore } from "@/lib/charts/panels/panel-store";

/** A part of a store's picture: renders again only when `select` returns another value. */
export function usePicture<P extends Picture, T>(
  store: PictureStore<P>,
  select: (picture: P) => T,
): T {
  return useSyncExternalStoreWithSelector(store.subscribe, store.get, store.get, select);
}

/** The settings with the axis of what is drawn: a view on another one stays until that is read. */
export function useDrawnSettings(store: PanelStore, settings: PanelSettings): PanelSettings {
  const axis = usePicture(store, (picture) => picture.axis);
  const empty = usePicture(store, ({ lines }) => lines.length === 0);
  return useMemo(
    () => (empty || axis === settings.axis ? settings : { ...settings, axis }),
    [empty, axis, settings],
  );
}
