"use client";

import { useMutation } from "@tanstack/react-query";
import { MailCheck } from "lucide-react";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/feedback/empty-state";
import { ErrorState } from "@/components/ui/feedback/error-state";
import { Field } from "@/components/ui/inputs/field";
import { Input } from "@/components/ui/inputs/input";
import { fieldErrors } from "@/lib/api/errors";
import { requestPasswordReset } from "@/lib/api/session";
import { useSession } from "@/lib/hooks/account/use-session";
import { LinkHint } from "./link-hint";
import { SignInFrame } from "./sign-in-frame";
import { SignInLinkTo } from "./sign-in-link-to";

/** Asks for an e-mail with a link to a new password. */
export function ForgotPasswordView() {
  const { data: session } = useSession();
  const [email, setEmail] = useState("");
  const send = useMutation({ mutationFn: () => requestPasswordReset(email.trim()) });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send.mutate();
  };

  return (
    <SignInFrame title="Reset your password">
      {session && !session.password_reset ? (
        <LinkHint />
      ) : send.isSuccess ? (
        <EmptyState icon={<MailCheck />} title="Check your email" className="px-0 py-4">
          If {email.trim()} has an account here, we sent it a link. Open it in this browser to
          choose a new password.
        </EmptyState>
      ) : (
        <form noValidate onSubmit={submit} className="flex flex-col gap-4">
          {send.isError ? (
            <ErrorState inline title="Could not send the email" error={send.error} />
          ) : null}
          <Field label="Email" error={fieldErrors(send.error).email}>
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
          <Button type="submit" variant="primary" size="lg" pending={send.isPending}>
            Send a reset link
          </Button>
        </form>
      )}
      <SignInLinkTo href="/sign-in">Back to sign-in</SignInLinkTo>
    </SignInFrame>
  );
}
