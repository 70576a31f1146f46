import type { Metadata } from "next";
import { Suspense } from "react";
import { NewPasswordView } from "@/components/auth/new-password-view";

export const metadata: Metadata = { title: "New password" };

export default function NewPasswordPage() {
  return (
    <Suspense>
      <NewPasswordView />
    </Suspense>
  );
}
