import type { Metadata } from "next";
import { SignInLinkView } from "@/components/auth/sign-in-link-view";

export const metadata: Metadata = { title: "Sign in" };

export default function SignInLinkPage() {
  return <SignInLinkView />;
}
