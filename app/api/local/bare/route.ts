/** What Next itself takes for a request: the yardstick of bench/guarded-route.ts. Says nothing, to anybody. */
export function GET(): Response {
  return Response.json({ ok: true });
}
