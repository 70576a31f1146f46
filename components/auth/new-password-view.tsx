"use client";

import { useMutation } from "@tanstack/react-query";
import { parseAsString, useQueryState } from "nuqs";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { ErrorState } from "@/components/ui/feedback/error-state";
import { Field } from "@/components/ui/inputs/field";
import { Input } from "@/components/ui/inputs/input";
import { fieldErrors } from "@/lib/api/errors";
import { setNewPassword } from "@/lib/api/session";
import { SignInFrame } from "./sign-in-frame";
import { SignInLinkTo } from "./sign-in-link-to";

/** Where the link of a reset e-mail leads: a new password, then signed in. */
export function NewPasswordView() {
  const [code] = useQueryState("code", parseAsString);
  const [password, setPassword] = useState("");
  const save = useMutation({
    mutationFn: () => setNewPassword({ code: code ?? "", password }),
    // A full page load: the server needs the new cookie on the first request.
    onSuccess: () => window.location.replace("/runs"),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };

  return (
    <SignInFrame title="Choose a new password">
      {code ? (
        <form noValidate onSubmit={submit} className="flex flex-col gap-4">
          {save.isError ? (
            <ErrorState inline title="The password was not changed" error={save.error} />
          ) : null}
          <Field label="New password" error={fieldErrors(save.error).password}>
            <Input
              type="password"
              name="password"
              autoComplete="new-password"
              autoFocus
              value={password}
              onValueChange={setPassword}
              className="h-9"
            />
          </Field>
          <Button
            type="submit"
            variant="primary"
            size="lg"
            pending={save.isPending || save.isSuccess}
          >
            Set password and sign in
          </Button>
        </form>
      ) : (
        <p className="text-sm text-muted">This link was already used, or has expired.</p>
      )}
      <SignInLinkTo href="/sign-in/reset">Send another link</SignInLinkTo>
    </SignInFrame>
  );
}
