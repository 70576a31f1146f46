"use client";

import type { SavedView } from "@signalbox/protocol/data/compare";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Bookmark, Trash2 } from "lucide-react";
import { usePathname, useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { toast } from "sonner";
import { Button } from "@/components/ui/button";
import { IconButton } from "@/components/ui/icon-button";
import { Input } from "@/components/ui/inputs/input";
import { Popover } from "@/components/ui/overlays/popover";
import { compareKeys, deleteView, listViews, saveView } from "@/lib/api/compare";
import { describeError } from "@/lib/api/errors";

/** The saved views of this page: open, save, or delete with undo. */
export function SavedViews({ page }: { page: SavedView["page"] }) {
  const [open, setOpen] = useState(false);
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      title="Saved views"
      align="end"
      trigger={
        <IconButton label="Saved views" size="sm">
          <Bookmark />
        </IconButton>
      }
    >
      <ViewList page={page} close={() => setOpen(false)} />
    </Popover>
  );
}

function ViewList({ page, close }: { page: SavedView["page"]; close: () => void }) {
  const router = useRouter();
  const pathname = usePathname();
  const client = useQueryClient();
  const [name, setName] = useState("");
  const { data } = useQuery({
    queryKey: compareKeys.views,
    queryFn: ({ signal }) => listViews(signal),
  });
  const views = data?.views.filter((view) => view.page === page) ?? [];
  const settled = {
    onSettled: () => void client.invalidateQueries({ queryKey: compareKeys.views }),
    onError: (error: Error) => void toast.error(describeError(error).message),
  };
  const save = useMutation({ mutationFn: saveView, ...settled });
  const remove = useMutation({ mutationFn: (view: SavedView) => deleteView(view.id), ...settled });

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const query = window.location.search.replace(/^\?/, "");
    save.mutate(
      { page, name: name.trim(), query },
      {
        onSuccess: (view) => {
          setName("");
          toast.success(`Saved as “${view.name}”`);
        },
      },
    );
  };
  const drop = (view: SavedView) =>
    remove.mutate(view, {
      onSuccess: () =>
        toast(`Deleted view “${view.name}”`, {
          action: {
            label: "Undo",
            onClick: () => save.mutate({ page, name: view.name, query: view.query }),
          },
        }),
    });

  return (
    <div className="flex flex-col gap-2">
      {views.length === 0 ? (
        <p className="text-xs text-pretty text-muted">
          A view saves the current search, filters, sort order and columns.
        </p>
      ) : (
        <ul aria-label="Saved views" className="-mx-1.5 flex max-h-72 flex-col overflow-y-auto">
          {views.map((view) => (
            <li key={view.id} className="flex items-center gap-1">
              <button
                type="button"
                onClick={() => {
                  close();
                  router.push(view.query === "" ? pathname : `${pathname}?${view.query}`);
                }}
                className="h-8 min-w-0 flex-1 truncate rounded-md px-1.5 text-left text-sm hover:bg-hover"
              >
                {view.name}
              </button>
              <IconButton label={`Delete view ${view.name}`} size="sm" onClick={() => drop(view)}>
                <Trash2 />
              </IconButton>
            </li>
          ))}
        </ul>
      )}
      <form onSubmit={submit} className="flex gap-1.5">
        <Input
          aria-label="View name"
          placeholder="Save this view as…"
          maxLength={64}
          value={name}
          onValueChange={setName}
          className="h-7 min-w-0 flex-1"
        />
        <Button type="submit" size="sm" pending={save.isPending} disabled={name.trim() === ""}>
          Save
        </Button>
      </form>
    </div>
  );
}
