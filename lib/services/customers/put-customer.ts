import { AppError } from "@/lib/app-error";
import type { Context } from "@/lib/context";
import { isUniqueViolation } from "@/lib/db/is-unique-violation";
import { newId } from "@/lib/new-id";
import { type Actor, writeAuditEntry } from "@/lib/services/audit/write-audit-entry";
import { queueCustomerUpdate } from "./queue-customer-update";

export type PutCustomerInput = {
  externalId: string;
  name: string;
  email: string;
  /** Decided when the customer is made; left out = personal. */
  type?: "personal" | "group" | undefined;
  metadata: Record<string, string>;
  actor: Actor;
};

export type CustomerDetails = {
  id: string;
  externalId: string | null;
  type: "personal" | "group";
  name: string;
  email: string;
  metadata: Record<string, string>;
  createdAt: Date;
};

/**
 * Makes the customer whom the adopter calls `externalId`, or brings them up to what the call says. Repeated, or sent
 * twice at once, it makes one customer. What Stripe knows of them follows by a command.
 * @throws AppError `conflict` when the call names another type than the customer has.
 */
export async function putCustomer(
  ctx: Pick<Context, "db" | "now">,
  input: PutCustomerInput,
): Promise<{ customer: CustomerDetails; isNew: boolean }> {
  const existing = await updateCustomer(ctx, input);
  if (existing) return { customer: existing, isNew: false };
  try {
    return { customer: await createCustomer(ctx, input), isNew: true };
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    // Somebody made it between the two steps.
    const made = await updateCustomer(ctx, input);
    if (!made) throw error;
    return { customer: made, isNew: false };
  }
}

async function updateCustomer(
  ctx: Pick<Context, "db" | "now">,
  { externalId, name, email, type, metadata, actor }: PutCustomerInput,
): Promise<CustomerDetails | null> {
  return ctx.db.$transaction(async (transaction) => {
    await transaction.$queryRaw`select 1 from customers where external_id = ${externalId} for update`;
    const before = await transaction.customer.findUnique({ where: { externalId } });
    if (!before) return null;
    if (type && type !== before.type) {
      throw new AppError("conflict", `This customer is of type “${before.type}”, which never changes.`, {
        fields: [{ field: "type", message: `is “${before.type}”` }],
      });
    }
    const isSame =
      before.name === name && before.email === email && sameMetadata(readMetadata(before.metadata), metadata);
    if (isSame) return toDetails(before);
    const after = await transaction.customer.update({
      where: { externalId },
      data: { name, email, metadata },
    });
    await queueCustomerUpdate(transaction, after);
    await writeAuditEntry(ctx, transaction, {
      actor,
      action: "customer.updated",
      customerId: after.id,
      targetId: after.id,
    });
    return toDetails(after);
  });
}

async function createCustomer(
  ctx: Pick<Context, "db" | "now">,
  { externalId, name, email, type = "personal", metadata, actor }: PutCustomerInput,
): Promise<CustomerDetails> {
  return ctx.db.$transaction(async (transaction) => {
    const row = await transaction.customer.create({
      data: { id: newId(), externalId, type, name, email, metadata, createdAt: ctx.now },
    });
    await writeAuditEntry(ctx, transaction, {
      actor,
      action: "customer.created",
      customerId: row.id,
      targetId: row.id,
      details: { type },
    });
    return toDetails(row);
  });
}

/** A stored customer as the adopter sees them. */
export function toDetails(row: Omit<CustomerDetails, "metadata"> & { metadata: unknown }): CustomerDetails {
  const { id, externalId, type, name, email, createdAt } = row;
  return { id, externalId, type, name, email, metadata: readMetadata(row.metadata), createdAt };
}

/** The column holds an object by constraint, and only texts are ever put into it. */
function readMetadata(stored: unknown): Record<string, string> {
  return stored as Record<string, string>;
}

function sameMetadata(a: Record<string, string>, b: Record<string, string>): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}
