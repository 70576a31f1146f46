import { apiRoute } from "@/lib/server/api-route";
import { AppError } from "@/lib/server/errors";

/** Every unknown path below /api answers in the contract's error shape. */
const unknownRoute = apiRoute({ scope: "public" }, async () => {
  throw new AppError("not_found", "Route not found.");
});

export {
  unknownRoute as DELETE,
  unknownRoute as GET,
  unknownRoute as PATCH,
  unknownRoute as POST,
  unknownRoute as PUT,
};
