import "server-only";
import { headers } from "next/headers";
import { redirect, unstable_rethrow } from "next/navigation";
import type { z } from "zod";
import { AppError } from "@/lib/app-error";
import type { Viewer } from "@/lib/auth/find-viewer";
import { type Context, getContext } from "@/lib/context";
import type { ActionState, FormAction } from "@/lib/domain/action-state";
import { logError, withLogFields } from "@/lib/log";
import { newId } from "@/lib/new-id";
import { toAppError } from "./error-response";
import { parseInput } from "./parse-input";
import { assertLocalHost } from "./request-guards";
import { getViewer } from "./viewer";

/**
 * Who may call stands on the export line of every action, through one of these wrappers. Next refuses actions
 * from other origins; the wrapper authenticates, validates and turns errors into what the form shows.
 */

type Work<Who, Schema extends z.ZodType> = (
  ctx: Context,
  input: { viewer: Who; input: z.infer<Schema> },
) => Promise<ActionState | undefined>;

/** Anybody, signed in or not. */
export function publicAction<Schema extends z.ZodType>(
  schema: Schema,
  work: Work<Viewer | null, Schema>,
): FormAction {
  return runAction(schema, getViewer, async (ctx, viewer, input) => work(ctx, { viewer, input }));
}

/** A signed-in person acting for their customer; others sign in first and come back to `returnTo(form)`. */
export function customerAction<Schema extends z.ZodType>(
  schema: Schema,
  returnTo: (input: z.infer<Schema>) => string,
  work: Work<Viewer, Schema>,
): FormAction {
  return runAction(schema, getViewer, async (ctx, viewer, input) => {
    if (!viewer) redirect(`/sign-in?return_to=${encodeURIComponent(returnTo(input))}`);
    return work(ctx, { viewer, input });
  });
}

/** A platform admin. Others are refused, signed in or not. */
export function adminAction<Schema extends z.ZodType>(
  schema: Schema,
  work: Work<Viewer, Schema>,
): FormAction {
  const admit = async () => {
    const viewer = await getViewer();
    if (!viewer?.isPlatformAdmin) throw new AppError("forbidden", "This is for platform admins.");
    return viewer;
  };
  return runAction(schema, admit, async (ctx, viewer, input) => work(ctx, { viewer, input }));
}

/** Who may call is decided by `admit`, before what they say is read. */
function runAction<Schema extends z.ZodType, Who>(
  schema: Schema,
  admit: () => Promise<Who>,
  work: (ctx: Context, who: Who, input: z.infer<Schema>) => Promise<ActionState | undefined>,
): FormAction {
  return (_previous, form) =>
    withLogFields({ request_id: newId() }, async () => {
      try {
        const ctx = getContext();
        assertLocalHost(ctx.env, await headers());
        const who = await admit();
        const entries = [...form.entries()].filter(([name]) => !name.startsWith("$ACTION"));
        const state = await work(ctx, who, parseInput(Object.fromEntries(entries), schema));
        return state ?? { ok: true, message: null, fields: [], code: null };
      } catch (error) {
        unstable_rethrow(error);
        const { code, publicMessage, options } = toAppError(error);
        if (code === "internal" || code.endsWith("_unavailable"))
          logError(`action.${code}`, options.cause ?? error);
        return { ok: false, message: publicMessage, fields: options.fields ?? [], code };
      }
    });
}
