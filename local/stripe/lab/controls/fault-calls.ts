import { flag, integer, oneOf, type ParamsOf, text } from "@/local/stripe/http/params";
import { invalidRequest, resourceMissing } from "@/local/stripe/http/stripe-api-error";
import type { Fault } from "@/local/stripe/lab/faults";
import type { Lab } from "@/local/stripe/lab/lab";
import { labCall } from "@/local/stripe/lab/lab-call";
import { OPERATIONS } from "@/local/stripe/operations";

const faultParams = {
  route: text(),
  status: oneOf("429", "500"),
  count: integer({ min: 1, max: 10_000 }),
  delay_ms: integer({ min: 0, max: 120_000 }),
  drop_after: flag(),
  keep: flag(),
  time_out: flag(),
};

/** What goes wrong with the next calls of the API. */
export const faultCalls = [
  labCall({ method: "GET", path: "/lab/faults", params: {}, run: (lab) => ({ faults: lab.faults }) }),
  labCall({
    method: "POST",
    path: "/lab/faults",
    params: faultParams,
    run: addFault,
    says: () => "The fault is set.",
  }),
  labCall({
    method: "DELETE",
    path: "/lab/faults",
    params: {},
    run(lab) {
      lab.faults.length = 0;
      return { faults: [] };
    },
    says: () => "All faults are taken back.",
  }),
  labCall({
    method: "DELETE",
    path: "/lab/faults/:id",
    params: {},
    run(lab, _params, { id }) {
      const index = lab.faults.findIndex((fault) => fault.id === id);
      if (index < 0) throw resourceMissing("fault", id, "id", 404);
      lab.faults.splice(index, 1);
      return { faults: lab.faults };
    },
    says: () => "The fault is taken back.",
  }),
];

function addFault(lab: Lab, params: ParamsOf<typeof faultParams>): { faults: Fault[] } {
  if (params.route !== undefined && !isRoute(params.route)) {
    const message = `There is no call ${params.route}; they are like "POST /v1/customers" and "GET /v1/customers/:id".`;
    throw invalidRequest(message, { param: "route" });
  }
  const last = Math.max(0, ...lab.faults.map(({ id }) => Number(id.replace("fault_", ""))));
  lab.faults.push({
    id: `fault_${last + 1}`,
    route: params.route ?? null,
    status: params.status === undefined ? null : params.status === "429" ? 429 : 500,
    delayMs: params.delay_ms ?? 0,
    keeps: params.keep ?? false,
    dropsAfter: params.drop_after ?? false,
    timesOut: params.time_out ?? false,
    remaining: params.count ?? 1,
  });
  return { faults: lab.faults };
}

/** Ids stand as they are or as the placeholder the operation has. */
function isRoute(route: string): boolean {
  const [method, path = ""] = route.split(" ");
  return OPERATIONS.some((operation) => {
    const pattern = operation.path.replaceAll(".", "\\.").replaceAll(/:\w+/g, "[^/]+");
    return operation.method === method && new RegExp(`^${pattern}$`).test(path);
  });
}
