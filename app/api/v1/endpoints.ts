import type { DescribedRoute } from "@/lib/http/contract";
import * as checkout from "./billing/checkout/route";
import * as creditHistory from "./billing/credits/history/route";
import * as credits from "./billing/credits/route";
import * as entitlements from "./billing/entitlements/route";
import * as invoices from "./billing/invoices/route";
import * as plan from "./billing/plans/[slug]/route";
import * as plans from "./billing/plans/route";
import * as reservationCommit from "./billing/reservations/[id]/commit/route";
import * as reservationRelease from "./billing/reservations/[id]/release/route";
import * as reservations from "./billing/reservations/route";
import * as subscriptions from "./billing/subscriptions/route";
import * as usageCheck from "./billing/usage/check/route";
import * as usageEdge from "./billing/usage/edge/route";
import * as usageExport from "./billing/usage/export/route";
import * as usageHistory from "./billing/usage/history/route";
import * as usageLevel from "./billing/usage/levels/[meter]/route";
import * as usageLevels from "./billing/usage/levels/route";
import * as usageRecord from "./billing/usage/record/route";
import * as usage from "./billing/usage/route";
import * as customer from "./customers/[external_id]/route";
import * as customers from "./customers/route";

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** The API by path, as it is described at /api/v1/openapi.json. A test fails on a route that is missing here. */
export const ENDPOINTS: Record<string, Partial<Record<Method, DescribedRoute>>> = {
  "/api/v1/billing/plans": plans,
  "/api/v1/billing/plans/{slug}": plan,
  "/api/v1/billing/entitlements": entitlements,
  "/api/v1/billing/checkout": checkout,
  "/api/v1/billing/subscriptions": subscriptions,
  "/api/v1/billing/invoices": invoices,
  "/api/v1/billing/usage": usage,
  "/api/v1/billing/usage/check": usageCheck,
  "/api/v1/billing/usage/edge": usageEdge,
  "/api/v1/billing/usage/levels": usageLevels,
  "/api/v1/billing/usage/levels/{meter}": usageLevel,
  "/api/v1/billing/usage/record": usageRecord,
  "/api/v1/billing/usage/history": usageHistory,
  "/api/v1/billing/usage/export": usageExport,
  "/api/v1/billing/reservations": reservations,
  "/api/v1/billing/reservations/{id}/commit": reservationCommit,
  "/api/v1/billing/reservations/{id}/release": reservationRelease,
  "/api/v1/billing/credits": credits,
  "/api/v1/billing/credits/history": creditHistory,
  "/api/v1/customers": customers,
  "/api/v1/customers/{external_id}": customer,
};
