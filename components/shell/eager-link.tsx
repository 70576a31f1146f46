"use client";

import Link from "next/link";
import { type ComponentProps, useState } from "react";

/** A link that reads its page as soon as one points at it, not while this page is still coming. */
export function EagerLink(props: ComponentProps<typeof Link>) {
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
