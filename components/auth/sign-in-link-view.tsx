"use client";

import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { ErrorState } from "@/components/ui/feedback/error-state";
import { Spinner } from "@/components/ui/feedback/spinner";
import { signInByLink } from "@/lib/api/session";
import { LinkHint } from "./link-hint";
import { SignInFrame } from "./sign-in-frame";

/** Where a one-time link leads: signs this browser in with the token in the address. */
export function SignInLinkView() {
  const started = useRef(false);
  const { mutate, isError, error } = useMutation({
    mutationFn: () => signInByLink(window.location.hash.slice(1)),
    // A full page load: the server needs the new cookie on the first request.
    onSuccess: () => window.location.replace("/runs"),
  });
  // The session on the server: a link works once, so it is used once however often this runs.
  useEffect(() => {
    if (started.current) return;
    started.current = true;
    mutate();
  }, [mutate]);

  return (
    <SignInFrame title="Sign in">
      {isError ? (
        <>
          <ErrorState inline title="This link no longer works" error={error} />
          <LinkHint />
        </>
      ) : (
        <p className="flex items-center gap-2 text-sm text-muted" role="status">
          <Spinner /> Signing in …
        </p>
      )}
    </SignInFrame>
  );
}
