import { publicRoute } from "@/lib/http/routes";

/** Live: the process answers. `npm start` waits for this, and knows by the name that the port is its own. */
export const GET = publicRoute(async () => ({ name: "tollkeeper", status: "ok" }));
