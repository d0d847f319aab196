import { createUser } from "@/lib/auth/create-user";
import type { Context } from "@/lib/context";
import { demoAddress } from "@/lib/domain/demo-account";

export type Person = { userId: string; customerId: string };

/** The person behind `<name>@demo.test` with the personal customer everybody has; made at `ctx.now` if need be. */
export async function createPerson(ctx: Context, name: string): Promise<Person> {
  const email = demoAddress(name);
  const known = await ctx.db.user.findUnique({ where: { email } });
  const fullName = `${name.charAt(0).toUpperCase()}${name.slice(1)} Demo`;
  const user =
    known ?? (await createUser(ctx.db, { email, name: fullName, emailVerified: ctx.now, now: ctx.now }));
  const { customerId } = await ctx.db.member.findFirstOrThrow({
    where: { userId: user.id, customer: { type: "personal" } },
  });
  return { userId: user.id, customerId };
}

/** Somebody whom an earlier step has made. */
export async function findPerson(ctx: Pick<Context, "db">, name: string): Promise<Person> {
  const { userId, customerId } = await ctx.db.member.findFirstOrThrow({
    where: { user: { email: demoAddress(name) }, customer: { type: "personal" } },
  });
  return { userId, customerId };
}
