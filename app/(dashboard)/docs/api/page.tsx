import type { Metadata } from "next";
import { connection } from "next/server";
import { apiDocument } from "@/app/api/openapi.json/document";
import { ApiIntroduction } from "@/components/docs/api-introduction";
import { referenceChapters } from "@/components/docs/reference-sections";
import { ReferenceView } from "@/components/docs/reference-view";

export const metadata: Metadata = { title: "API reference" };

/** The API reference. */
export default async function ApiPage() {
  // The search is part of the URL, so every request is rendered dynamically.
  await connection();
  const document = apiDocument();
  return (
    <div className="mx-auto w-full max-w-7xl px-4 py-6 sm:px-6 md:py-10">
      <ApiIntroduction document={document} />
      <ReferenceView chapters={referenceChapters(document)} />
    </div>
  );
}
