"use client";

import { CircleUser, KeyRound, LogOut, Palette } from "lucide-react";
import { useRouter } from "next/navigation";
import { toast } from "sonner";
import { IconButton } from "@/components/ui/icon-button";
import { Menu, MenuItem, MenuSeparator } from "@/components/ui/overlays/menu";
import { describeError } from "@/lib/api/errors";
import { useSession, useSignOut } from "@/lib/hooks/account/use-session";

/** The signed-in user, and sign-out. */
export function UserMenu() {
  const router = useRouter();
  const { data: session } = useSession();
  const signOut = useSignOut();
  const name = session?.user?.email ?? (session?.local_owner ? "Local owner" : "Signed in");

  return (
    <Menu
      align="end"
      className="w-60"
      trigger={
        <IconButton label="Account" size="sm">
          <CircleUser />
        </IconButton>
      }
    >
      <div className="px-2 py-1.5">
        <p className="truncate text-sm font-medium">{name}</p>
        {session?.local_owner ? (
          <p className="text-xs text-pretty text-muted">
            Signed in automatically because this browser runs on the same machine.
          </p>
        ) : null}
      </div>
      <MenuSeparator />
      <MenuItem icon={<KeyRound />} onClick={() => router.push("/settings/api-keys")}>
        API keys
      </MenuItem>
      <MenuItem icon={<Palette />} onClick={() => router.push("/settings/appearance")}>
        Appearance
      </MenuItem>
      <MenuSeparator />
      <MenuItem
        icon={<LogOut />}
        onClick={() =>
          signOut.mutate(undefined, {
            onError: (error) =>
              toast.error("Could not sign out", {
                description: describeError(error).message,
              }),
          })
        }
      >
        Sign out
      </MenuItem>
    </Menu>
  );
}
