import { probeRoute } from "@/lib/http/routes";

/** Live: the process answers. `npm start` waits for this, and knows by the name that the port is its own. */
export const GET = probeRoute(async () => ({ name: "tollkeeper", status: "ok" }));
