import type { DbTransaction } from "@/lib/db/client";
import { newId } from "@/lib/new-id";

export type NewUser = { email: string; name: string | null; emailVerified: Date | null; now: Date };

/** Creates a user together with the personal customer who is billed: nobody is ever without one. (K-05) */
export async function createUser(db: DbTransaction, { email, name, emailVerified, now }: NewUser) {
  const address = email.toLowerCase();
  return db.user.create({
    data: {
      id: newId(),
      email: address,
      name,
      emailVerified,
      createdAt: now,
      members: {
        create: {
          role: "owner",
          createdAt: now,
          customer: {
            create: { id: newId(), type: "personal", name: name ?? address, email: address, createdAt: now },
          },
        },
      },
    },
  });
}
