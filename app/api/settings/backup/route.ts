import { apiRoute } from "@/lib/server/api-route";
import { downloadBackup } from "@/lib/server/backup/download-backup";

export const POST = apiRoute(
  {
    scope: "admin",
    summary: "Download a backup of the whole dashboard",
    details:
      "As the local owner, while everything goes on running: the embedded database, keys, the files of trained runs with their checkpoints. A .tar.gz that holds a manifest with checksums; it was read back before it is sent, with its SHA-256 in X-Checksum-SHA256. With your own Supabase: 422, back up with pg_dump.",
    text: "application/gzip",
    errors: ["unsupported", "backend_unavailable"],
  },
  ({ principal }) => downloadBackup(principal),
);
