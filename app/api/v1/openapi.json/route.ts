import { ENDPOINTS } from "@/app/api/v1/endpoints";
import { openApiDocument } from "@/lib/http/openapi";
import { probeRoute } from "@/lib/http/routes";

/** The API's description in OpenAPI 3.1, for people and for generators of clients. */
export const GET = probeRoute(async (ctx) =>
  Response.json(openApiDocument(ENDPOINTS, ctx.env.appUrl), {
    headers: { "cache-control": "public, max-age=300" },
  }),
);
