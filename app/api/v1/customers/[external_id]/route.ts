import { z } from "zod";
import { CustomerInput, ExternalId } from "@/lib/domain/customer-input";
import { customerJson } from "@/lib/http/billing-json";
import { CustomerAnswer } from "@/lib/http/billing-schemas";
import { platformRoute } from "@/lib/http/routes";
import { getCustomer } from "@/lib/services/customers/get-customer";
import { putCustomer } from "@/lib/services/customers/put-customer";

const Params = z.strictObject({ external_id: ExternalId });

/** The customer whom the adopter calls by this id. */
export const GET = platformRoute(
  {
    id: "getCustomer",
    summary: "The customer you call by this id",
    scope: "customers:read",
    params: Params,
    answer: CustomerAnswer,
    errors: ["not_found"],
  },
  async (ctx, _actor, { params }) => customerJson(await getCustomer(ctx, { externalId: params.external_id })),
);

/** Makes that customer, or brings them up to what the call says. Nothing more happens when it is sent again. */
export const PUT = platformRoute(
  {
    id: "putCustomer",
    summary: "Create or update the customer you call by this id",
    scope: "customers:write",
    params: Params,
    body: CustomerInput,
    answer: CustomerAnswer,
    statuses: [200, 201],
    errors: ["conflict"],
  },
  async (ctx, actor, { params, body }) => {
    const { customer, isNew } = await putCustomer(ctx, { externalId: params.external_id, ...body, actor });
    const answer = CustomerAnswer.parse(customerJson(customer));
    return Response.json(answer, {
      status: isNew ? 201 : 200,
      headers: { "cache-control": "private, no-store" },
    });
  },
);
