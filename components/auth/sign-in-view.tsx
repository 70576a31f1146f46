"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { MailCheck } from "lucide-react";
import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/feedback/empty-state";
import { ErrorState } from "@/components/ui/feedback/error-state";
import { Field } from "@/components/ui/inputs/field";
import { Input } from "@/components/ui/inputs/input";
import { fieldErrors } from "@/lib/api/errors";
import { signIn, signInLocalOwner, signUp } from "@/lib/api/session";
import { useSession } from "@/lib/hooks/account/use-session";
import { LinkHint } from "./link-hint";
import { safeNext } from "./safe-next";
import { SignInFrame } from "./sign-in-frame";
import { SignInLinkTo } from "./sign-in-link-to";

const parsers = {
  next: parseAsString,
  mode: parseAsStringLiteral(["sign-in", "sign-up"]).withDefault("sign-in"),
};

const words = {
  "sign-in": {
    title: "Sign in",
    action: "Sign in",
    other: "Don't have an account?",
    switch: "Sign up",
    failed: "Sign-in failed",
  },
  "sign-up": {
    title: "Create an account",
    action: "Create account",
    other: "Already have an account?",
    switch: "Sign in",
    failed: "Could not create the account",
  },
};

/** Email and password; returns to the requested page. */
export function SignInView() {
  const [{ next, mode }, setParams] = useQueryStates(parsers);
  const { data: session } = useSession();
  const queryClient = useQueryClient();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [checked, setChecked] = useState(false);
  const signingUp = mode === "sign-up";
  const text = words[mode];

  const enter = useMutation({
    mutationFn: () => (signingUp ? signUp : signIn)({ email: email.trim(), password }),
    onSuccess: (reply) => {
      if (reply?.confirmation_required) return;
      queryClient.clear();
      // A full page load: the server needs the new cookie on the first request.
      window.location.assign(safeNext(next));
    },
  });
  const confirm = enter.data?.confirmation_required === true;

  const refused = fieldErrors(enter.error);
  const emailError =
    checked && !/^\S+@\S+$/.test(email.trim()) ? "Enter a valid email address." : undefined;
  const shortest = signingUp ? 8 : 1;
  const passwordError =
    checked && password.length < shortest
      ? signingUp
        ? "Use at least 8 characters."
        : "Enter your password."
      : undefined;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (/^\S+@\S+$/.test(email.trim()) && password.length >= shortest) enter.mutate();
  };

  return (
    <SignInFrame title={text.title}>
      {confirm ? (
        <EmptyState icon={<MailCheck />} title="Check your email" className="px-0 py-4">
          We sent a confirmation link to {email.trim()}. Open it in this browser to sign in.
        </EmptyState>
      ) : (
        <form noValidate onSubmit={submit} className="flex flex-col gap-4">
          {enter.isError ? <ErrorState inline title={text.failed} error={enter.error} /> : null}
          <Field label="Email" error={emailError ?? refused.email}>
            <Input
              type="email"
              name="email"
              autoComplete="username"
              autoFocus
              value={email}
              onValueChange={setEmail}
              className="h-9"
            />
          </Field>
          <Field label="Password" error={passwordError ?? refused.password}>
            <Input
              type="password"
              name="password"
              autoComplete={signingUp ? "new-password" : "current-password"}
              value={password}
              onValueChange={setPassword}
              className="h-9"
            />
          </Field>
          <Button
            type="submit"
            variant="primary"
            size="lg"
            pending={enter.isPending || enter.isSuccess}
          >
            {text.action}
          </Button>
        </form>
      )}
      {session?.password_reset && !signingUp ? (
        <SignInLinkTo href="/sign-in/reset">Forgot password?</SignInLinkTo>
      ) : null}
      {session && !session.sign_up && !signingUp ? null : (
        <p className="text-sm text-muted">
          {text.other}{" "}
          <button
            type="button"
            className="rounded-sm font-medium text-accent-ink underline-offset-2 hover:underline"
            onClick={() => {
              enter.reset();
              setChecked(false);
              void setParams({ mode: signingUp ? null : "sign-up" });
            }}
          >
            {text.switch}
          </button>
        </p>
      )}
      {session?.user || session?.auto_sign_in ? (
        <Continue next={safeNext(next)} email={session.user?.email ?? null} />
      ) : null}
      {session?.sign_in_link && !session.user && !session.auto_sign_in && !signingUp ? (
        <div className="border-t border-line pt-5">
          <LinkHint />
        </div>
      ) : null}
    </SignInFrame>
  );
}

interface ContinueProps {
  next: string;
  /** The user who is already signed in; null where only the local owner may continue. */
  email: string | null;
}

/** On the local machine the owner signs in without a password. */
function Continue({ next, email }: ContinueProps) {
  const enter = useMutation({
    mutationFn: async () => {
      if (email === null) await signInLocalOwner();
    },
    onSuccess: () => window.location.assign(next),
  });
  return (
    <div className="flex flex-col gap-3 border-t border-line pt-5">
      {enter.isError ? (
        <ErrorState inline title="Something went wrong" error={enter.error} />
      ) : null}
      <Button
        size="lg"
        className="w-full"
        pending={enter.isPending || enter.isSuccess}
        onClick={() => enter.mutate()}
      >
        <span className="truncate">Continue as {email ?? "the local owner"}</span>
      </Button>
    </div>
  );
}
