import type { Context } from "@/lib/context";
import { type SystemCheck, withoutAsking } from "./system-check";

/** Whether sign-in with GitHub and Google is offered. Neither can be asked whether the pair is right. */
export async function checkSignIn(ctx: Context): Promise<SystemCheck> {
  const { github, google } = ctx.env.oauth;
  const offered = [...(github ? ["GitHub"] : []), ...(google ? ["Google"] : [])];
  if (offered.length === 0) {
    return withoutAsking({
      state: "off",
      summary: "Not configured. People sign in with a link sent by mail.",
      facts: [],
    });
  }
  return withoutAsking({
    state: "works",
    summary: `Sign-in with ${offered.join(" and ")} is offered. Only signing in shows that the pair is right.`,
    facts: [],
  });
}
