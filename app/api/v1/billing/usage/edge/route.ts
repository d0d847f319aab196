import { EdgeUsageAnswer, edgeUsageJson } from "@/lib/http/edge-json";
import { edgeRoute } from "@/lib/http/edge-route";

/** What is used, as the edge knows it: from Redis alone, to show it or to refuse early, never to allow by it. */
export const GET = edgeRoute(
  {
    id: "getEdgeUsage",
    summary: "What is used, from a copy near the caller; a moment old",
    scope: "usage:read",
    answer: EdgeUsageAnswer,
    errors: ["not_at_edge", "edge_unavailable"],
  },
  edgeUsageJson,
);
