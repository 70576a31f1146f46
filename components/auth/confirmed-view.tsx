"use client";

import { useMutation } from "@tanstack/react-query";
import { parseAsString, useQueryState } from "nuqs";
import { useEffect, useRef } from "react";
import { Spinner } from "@/components/ui/feedback/spinner";
import { confirmEmail } from "@/lib/api/session";
import { SignInFrame } from "./sign-in-frame";
import { SignInLinkTo } from "./sign-in-link-to";

/** Where the link of a confirmation e-mail leads: signed in, in the browser that signed up. */
export function ConfirmedView() {
  const [code] = useQueryState("code", parseAsString);
  const started = useRef(false);
  const { mutate, isError } = useMutation({
    mutationFn: (given: string) => confirmEmail(given),
    // A full page load: the server needs the new cookie on the first request.
    onSuccess: () => window.location.replace("/runs"),
  });
  // The session on the server: a code works once, so it is used once however often this runs.
  useEffect(() => {
    if (code === null || started.current) return;
    started.current = true;
    mutate(code);
  }, [code, mutate]);

  return (
    <SignInFrame title="Confirm your address">
      {code && !isError ? (
        <p className="flex items-center gap-2 text-sm text-muted" role="status">
          <Spinner /> Signing in …
        </p>
      ) : (
        <>
          <p className="text-sm text-muted">
            {code
              ? "Your address is confirmed. Sign in with your password."
              : "This link was already used, or has expired. If you confirmed your address before, sign in."}
          </p>
          <SignInLinkTo href="/sign-in">Sign in</SignInLinkTo>
        </>
      )}
    </SignInFrame>
  );
}
