import type { Metadata } from "next";
import { Suspense } from "react";
import { ConfirmedView } from "@/components/auth/confirmed-view";

export const metadata: Metadata = { title: "Confirm your address" };

export default function ConfirmedPage() {
  return (
    <Suspense>
      <ConfirmedView />
    </Suspense>
  );
}
