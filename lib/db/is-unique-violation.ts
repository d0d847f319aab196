/** Whether a raw query failed because another row has the same unique key. By name, as in is-database-unavailable.ts. */
export function isUniqueViolation(error: unknown): boolean {
  if (!(error instanceof Error) || error.name !== "PrismaClientKnownRequestError") return false;
  const { meta } = error as { meta?: { driverAdapterError?: { cause?: { originalCode?: string } } } }; // Prisma's shape
  return meta?.driverAdapterError?.cause?.originalCode === "23505";
}
