/** The classes that menus, selects and popovers share. */
export const popupClasses =
  "rounded-lg border border-line bg-surface text-ink shadow-popup outline-hidden origin-(--transform-origin) transition-[opacity,scale] duration-100 ease-out data-ending-style:opacity-0 data-ending-style:scale-98 data-starting-style:opacity-0 data-starting-style:scale-98";

export const positionerClasses = "z-50 outline-hidden select-none";

/** An item of a menu or list; pointer and keyboard share the highlight. */
export const itemClasses =
  "flex min-h-7 cursor-default items-center gap-2 rounded-sm px-2 py-1 text-sm text-ink outline-hidden select-none data-highlighted:bg-hover data-disabled:text-faint data-disabled:data-highlighted:bg-transparent pointer-coarse:min-h-10";
