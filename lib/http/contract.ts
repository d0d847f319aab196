import type { z } from "zod";
import type { ErrorCode } from "@/lib/app-error";
import type { ApiScope } from "@/lib/domain/api-scope";
import type { RouteHandler } from "./handle-route";

/**
 * What an endpoint takes and answers. The wrappers of routes.ts hold a request to it, and the API's description at
 * /api/v1/openapi.json is made from it, so the two cannot differ.
 */
export type RouteContract = {
  /** The operation's name in generated clients. */
  id: string;
  /** One line for the reference. */
  summary: string;
  /** The parts of the path in brackets. */
  params?: z.ZodType;
  query?: z.ZodType;
  body?: z.ZodType;
  /** The answer's body; in tests every answer is checked against it. */
  answer: z.ZodType;
  /** What the answer is, where it is not JSON. */
  mediaType?: "text/csv";
  /** With which statuses that is answered; 200 unless it says otherwise. */
  statuses?: readonly (200 | 201)[];
  /** Refusals beyond those that every endpoint of its kind may answer. */
  errors?: readonly ErrorCode[];
  /**
   * Who makes a repeated request harmless: `stored` keeps the answer for a day, `service` is the service's own key.
   * Absent = a repeated request has no further effect by its nature.
   */
  idempotency?: "stored" | "service";
  /** What a key needs to call it. */
  scope?: ApiScope;
};

/** Who may call an endpoint, as its wrapper says. */
export type RouteAudience = "public" | "customer" | "platform" | "platform_for_customer" | "admin";

export type DescribedRoute = RouteHandler & { contract: RouteContract; audience: RouteAudience };

type Inferred<Schema> = Schema extends z.ZodType ? z.infer<Schema> : undefined;

/** What a handler is given of the request: what its contract names, checked. */
export type ContractInput<Contract extends Partial<RouteContract>> = {
  request: Request;
  params: Inferred<Contract["params"]>;
  query: Inferred<Contract["query"]>;
  body: Inferred<Contract["body"]>;
  /** The caller's `Idempotency-Key`, or null. */
  idempotencyKey: string | null;
};
