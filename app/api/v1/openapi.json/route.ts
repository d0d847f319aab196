import { ENDPOINTS } from "@/app/api/v1/endpoints";
import { openApiDocument } from "@/lib/http/openapi";
import { probeRoute } from "@/lib/http/routes";

/** The API's description in OpenAPI 3.1, for people and for generators of clients. */
export const GET = probeRoute(async (ctx) => {
  description ??= JSON.stringify(openApiDocument(ENDPOINTS, ctx.env.appUrl));
  return new Response(description, {
    headers: { "content-type": "application/json", "cache-control": "public, max-age=300" },
  });
});

/** The same for as long as this process lives. */
let description: string | undefined;
