"use client";

import Link from "next/link";
import { type ComponentProps, useState } from "react";

/** A link that prefetches its page on hover or focus, not on load. */
export function PrefetchLink(props: ComponentProps<typeof Link>) {
  const [near, setNear] = useState(false);
  return (
    <Link
      {...props}
      prefetch={near ? null : false}
      onPointerEnter={() => setNear(true)}
      onFocus={() => setNear(true)}
    />
  );
}
