import { apiRoute } from "@/lib/server/api-route";
import { AppError } from "@/lib/server/errors";

/** Every address below /api that names nothing answers in the contract's error shape. */
const nothingHere = apiRoute({ scope: "public" }, async () => {
  throw new AppError("not_found", "There is no such route.");
});

export {
  nothingHere as DELETE,
  nothingHere as GET,
  nothingHere as PATCH,
  nothingHere as POST,
  nothingHere as PUT,
};
