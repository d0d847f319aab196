import type { Context } from "@/lib/context";
import { demoAddress } from "@/lib/domain/demo-account";
import { newId } from "@/lib/new-id";
import { createPerson } from "./create-person";
import type { Cast } from "./pick-plans";
import type { Random } from "./random";
import { drawUses, recordUses, type Users } from "./record-history";
import { daysAfter, daysBefore, type Step } from "./step";
import { subscribe } from "./subscribe";

const TEAM = "Harbour Studio";
const FOUNDED_DAYS_AGO = 25;

/** From the founder on. */
const MEMBERS = [
  { name: "owner", role: "owner" },
  { name: "ines", role: "admin" },
  { name: "member", role: "member" },
  { name: "tomas", role: "member" },
  { name: "aiko", role: "member" },
  { name: "femi", role: "member" },
] as const;

/** owner@demo.test and the team of six that it owns, member@demo.test among them; the team is on the highest plan. */
export function team({ highestOffer: offer, freePlan }: Cast, present: Date, random: Random): Step[] {
  const foundedAt = daysBefore(present, FOUNDED_DAYS_AGO);
  const uses = drawUses(random, {
    name: "team",
    plan: offer?.plan ?? freePlan,
    people: MEMBERS.length,
    from: daysAfter(foundedAt, 1),
    to: present,
  });
  return [
    {
      at: foundedAt,
      run: async (ctx) => {
        const { customerId } = await foundTeam(ctx);
        if (offer) await subscribe(ctx, customerId, offer);
      },
    },
    {
      at: present,
      run: async (ctx) => {
        await recordUses(ctx, await foundTeam(ctx), uses);
      },
    },
  ];
}

/** The team with its members; made if need be. */
export async function foundTeam(ctx: Context): Promise<Users> {
  const userIds: string[] = [];
  for (const { name } of MEMBERS) userIds.push((await createPerson(ctx, name)).userId);
  const known = await ctx.db.customer.findFirst({
    where: { type: "group", email: demoAddress("owner") },
  });
  if (known) return { customerId: known.id, userIds };
  const { id: customerId } = await ctx.db.customer.create({
    data: {
      id: newId(),
      type: "group",
      name: TEAM,
      email: demoAddress("owner"),
      createdAt: ctx.now,
      members: {
        create: MEMBERS.map(({ role }, index) => ({
          userId: userIds[index] ?? "",
          role,
          createdAt: ctx.now,
        })),
      },
    },
  });
  return { customerId, userIds };
}
