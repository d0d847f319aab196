import { z } from "zod";
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from "zod-openapi";
import type { ErrorCode } from "@/lib/app-error";
import { SCOPE_WORDS } from "@/lib/domain/api-scope";
import type { DescribedRoute, RouteAudience } from "./contract";
import { CUSTOMER_HEADER, EXTERNAL_CUSTOMER_HEADER } from "./customer-header";
import { STATUS } from "./problem-response";

/** RFC 9457, as problem-response.ts answers it. */
const Problem = z
  .object({
    type: z.string(),
    title: z.string().meta({ description: "What went wrong, for a person to read." }),
    status: z.int(),
    code: z.string().meta({ description: "What went wrong, for a program; one of a fixed set." }),
    errors: z
      .array(z.object({ field: z.string(), message: z.string() }))
      .optional()
      .meta({ description: "Each field at fault." }),
    request_id: z.string(),
  })
  .meta({ id: "Problem" });

const WHO: Record<RouteAudience, string> = {
  public: "Needs no key.",
  customer: "By an API key of the customer, or a platform key that names them.",
  platform: "By a platform key.",
  platform_for_customer: "By a platform key that names the customer.",
  admin: "For platform admins, from the app's own pages.",
};

type Endpoints = Record<string, Partial<Record<string, DescribedRoute>>>;

/** The API's description, made from the contracts that its routes are held to. */
export function openApiDocument(endpoints: Endpoints, appUrl: string) {
  const paths: ZodOpenApiPathsObject = {};
  for (const [path, methods] of Object.entries(endpoints)) {
    paths[path] = Object.fromEntries(
      Object.entries(methods).flatMap(([method, route]) =>
        route?.contract ? [[method.toLowerCase(), operation(route)]] : [],
      ),
    );
  }
  return createDocument({
    openapi: "3.1.0",
    info: {
      title: "Tollkeeper",
      version: "1",
      description:
        "Plans, usage and billing of an AI product. Amounts are minor units of their currency, times are ISO 8601 in UTC. " +
        "Every answer carries `Request-Id` and, where it is counted, `RateLimit`; a refusal is a problem (RFC 9457).",
    },
    servers: [{ url: appUrl }],
    components: {
      securitySchemes: { key: { type: "http", scheme: "bearer", description: "`tk_…` or `tk_platform_…`" } },
    },
    paths,
  });
}

function operation({ contract, audience }: DescribedRoute): ZodOpenApiOperationObject {
  const { scope } = contract;
  return {
    operationId: contract.id,
    summary: contract.summary,
    description: [WHO[audience], scope ? `Scope \`${scope}\`: ${SCOPE_WORDS[scope]}.` : ""].join(" ").trim(),
    security: audience === "public" ? [] : [{ key: [] }],
    parameters: headerParameters(contract.idempotency !== undefined, audience),
    requestParams: {
      ...(contract.params ? { path: asObject(contract.params) } : {}),
      ...(contract.query ? { query: asObject(contract.query) } : {}),
    },
    ...(contract.body
      ? { requestBody: { required: true, content: { "application/json": { schema: contract.body } } } }
      : {}),
    responses: {
      ...Object.fromEntries(
        (contract.statuses ?? [200]).map((status) => [
          String(status),
          {
            description: status === 201 ? "Created" : "OK",
            content: { [contract.mediaType ?? "application/json"]: { schema: contract.answer } },
          },
        ]),
      ),
      ...refusals(errorsOf({ contract, audience })),
    },
  };
}

function errorsOf({
  contract,
  audience,
}: Pick<DescribedRoute, "contract" | "audience">): ReadonlySet<ErrorCode> {
  const codes: ErrorCode[] = ["rate_limited", "internal", "database_unavailable", ...(contract.errors ?? [])];
  if (audience !== "public") codes.push("unauthenticated", "forbidden");
  if (namesCustomer(audience)) codes.push("not_found", "invalid_request");
  if (contract.query || contract.params) codes.push("invalid_request");
  if (contract.body) codes.push("malformed_request", "invalid_request", "payload_too_large");
  if (contract.idempotency === "stored") codes.push("idempotency_mismatch", "idempotency_in_flight");
  if (contract.idempotency === "service") codes.push("idempotency_mismatch");
  return new Set(codes);
}

function namesCustomer(audience: RouteAudience): boolean {
  return audience === "customer" || audience === "platform_for_customer";
}

function refusals(codes: ReadonlySet<ErrorCode>) {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of codes) byStatus.set(STATUS[code], [...(byStatus.get(STATUS[code]) ?? []), code]);
  return Object.fromEntries(
    [...byStatus].map(([status, names]) => [
      String(status),
      {
        description: names.map((name) => `\`${name}\``).join(", "),
        content: { "application/problem+json": { schema: Problem } },
      },
    ]),
  );
}

function headerParameters(isIdempotent: boolean, audience: RouteAudience) {
  const header = (name: string, description: string) => ({
    in: "header" as const,
    name,
    required: false,
    description,
    schema: { type: "string" as const, maxLength: 200 },
  });
  return [
    ...(isIdempotent
      ? [header("Idempotency-Key", "The same key with the same request has one effect and one answer.")]
      : []),
    ...(namesCustomer(audience)
      ? [
          header(CUSTOMER_HEADER, "With a platform key: the customer, by our id."),
          header(
            EXTERNAL_CUSTOMER_HEADER,
            "With a platform key: the customer, by your id; percent-encoded beyond ASCII.",
          ),
        ]
      : []),
  ];
}

/** Params and queries are objects by their contracts. */
function asObject(schema: z.ZodType): z.ZodObject {
  return schema as z.ZodObject;
}
