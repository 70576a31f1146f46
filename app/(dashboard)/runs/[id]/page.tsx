import { jobIdSchema } from "@signalbox/protocol/wire/primitives";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { RunView } from "@/components/run/run-view";

interface RunPageProps {
  params: Promise<{ id: string }>;
}

/** The decoded id; null where the URL holds a malformed percent-encoding. */
function readId(raw: string): string | null {
  try {
    return jobIdSchema.safeParse(decodeURIComponent(raw)).data ?? null;
  } catch {
    return null;
  }
}

export async function generateMetadata({ params }: RunPageProps): Promise<Metadata> {
  return { title: readId((await params).id) ?? "Run" };
}

export default async function RunPage({ params }: RunPageProps) {
  const id = readId((await params).id);
  if (id === null) notFound();
  return <RunView key={id} id={id} />;
}
