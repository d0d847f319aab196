import {
  integer,
  listOf,
  oneOf,
  optional,
  type Param,
  type ParamsOf,
  required,
  text,
} from "@/local/stripe/http/params";
import { resourceOf } from "@/local/stripe/http/permissions";
import { createRestrictedKey, readRestrictedKeys } from "@/local/stripe/http/restricted-keys";
import { invalidRequest } from "@/local/stripe/http/stripe-api-error";
import { readBillingSettings, saveBillingSettings } from "@/local/stripe/lab/billing-settings";
import { countObjects } from "@/local/stripe/lab/count-objects";
import type { Lab } from "@/local/stripe/lab/lab";
import { labCall } from "@/local/stripe/lab/lab-call";
import { OPERATIONS } from "@/local/stripe/operations";
import { inTransaction } from "@/local/stripe/store/store";
import { tellFollowers } from "@/local/stripe/time/move-clock";
import { clockState, stopClockJob } from "./clock-jobs";

const afterDunning = oneOf("cancel", "leave_past_due", "mark_unpaid");
const restrictedKeyParams = { permissions: required(permissionsParam()) };

/** What concerns the server as a whole. */
export const serverCalls = [
  labCall({
    method: "GET",
    path: "/lab/health",
    params: {},
    run: (lab) => ({ status: "ok", objects: countObjects(lab.store) }),
  }),
  labCall({
    method: "POST",
    path: "/lab/reset",
    params: { seed: integer() },
    async run(lab, { seed }) {
      stopClockJob(lab);
      lab.reset(seed === undefined ? null : String(seed));
      return { ...clockState(lab), followers: await tellFollowers(lab.clockFollowers, lab.clock.offsetMs()) };
    },
    says: () => "Everything is forgotten; time is the present.",
  }),
  labCall({
    method: "GET",
    path: "/lab/settings",
    params: {},
    run: (lab) => readBillingSettings(lab.store),
  }),
  labCall({
    method: "POST",
    path: "/lab/settings",
    params: {
      days_past_due: integer({ min: 30, max: 90 }),
      invoice_after_final_retry: oneOf("leave_open", "mark_uncollectible"),
      subscription_after_days_past_due: afterDunning,
      subscription_after_final_retry: afterDunning,
    },
    run: (lab, params) => saveBillingSettings(lab.store, params),
    says: () => "The settings are saved.",
  }),
  labCall({
    method: "GET",
    path: "/lab/restricted-keys",
    params: {},
    run: (lab) => ({
      data: [...readRestrictedKeys(lab.store)].map(([key, permissions]) => ({ key, permissions })),
    }),
  }),
  labCall({
    method: "POST",
    path: "/lab/restricted-keys",
    params: restrictedKeyParams,
    run: addRestrictedKey,
  }),
];

/** A list, or its members joined by commas or spaces. */
function permissionsParam(): Param<string[]> {
  return optional((value, path) =>
    typeof value === "string"
      ? text()
          .parse(value, path)
          .split(/[,\s]+/)
      : listOf(text()).parse(value, path),
  );
}

function addRestrictedKey(lab: Lab, params: ParamsOf<typeof restrictedKeyParams>): object {
  const permissions = params.permissions.map((permission) => permission.replace(/^rak_/, ""));
  const unknown = permissions.find((permission) => !isPermission(permission));
  if (unknown !== undefined) {
    const message = `There is no permission ${unknown}; they are like customer_read and invoice_write.`;
    throw invalidRequest(message, { param: "permissions" });
  }
  const key = inTransaction(lab.store, () => createRestrictedKey(lab.store, permissions));
  return { key, permissions };
}

function isPermission(permission: string): boolean {
  const resources = ["all", ...OPERATIONS.map(({ path }) => resourceOf(path))];
  return resources.some((resource) => [`${resource}_read`, `${resource}_write`].includes(permission));
}
