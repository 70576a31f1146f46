import type { Metadata } from "next";
import { StorageView } from "@/components/settings/storage-view";

export const metadata: Metadata = { title: "Storage" };

export default function StoragePage() {
  return <StorageView />;
}
