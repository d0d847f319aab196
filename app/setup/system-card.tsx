import { type ReactNode, Suspense } from "react";
import { Badge } from "@/components/badge";
import { Card } from "@/components/card";
import { Code } from "@/components/code";
import { CodeBlock } from "@/components/code-block";
import { TextLink } from "@/components/text-link";
import type { Env, ExternalSystem } from "@/lib/env";
import { webhookAddress } from "@/lib/services/setup/check-stripe";
import { crontab } from "@/lib/services/setup/cron-jobs";
import type { SystemKey } from "@/lib/services/setup/system-check";
import { HANDLED_EVENT_TYPES } from "@/lib/services/stripe-events/find-stripe-event-handler";
import type { SystemGuide } from "./system-guide";
import { SystemStatus, SystemStatusSkeleton } from "./system-status";

const MODES: Record<ExternalSystem["mode"], string> = {
  real: "Real",
  local: "Local stand-in",
  off: "Not configured",
};

/** Whose status is long: its place is kept, so that filling it in moves nothing. */
const HAS_FACTS: SystemKey[] = ["postgres", "stripe", "catalogue", "scheduler"];

/** One system: how it is, which is filled in, and what to paste where, which stands there at once. */
export function SystemCard({ guide, env, isSet }: SystemCardProps) {
  const system = env.systems.find(({ name }) => name === guide.name);
  return (
    <Card id={guide.key} title={guide.title} description={guide.purpose} className="h-full">
      {system ? <Address system={system} /> : null}
      <div className={HAS_FACTS.includes(guide.key) ? "min-h-52" : "min-h-28"}>
        <Suspense fallback={<SystemStatusSkeleton />}>
          <SystemStatus systemKey={guide.key} />
        </Suspense>
      </div>
      <h3 className="mt-6 mb-2 font-medium">What to paste where</h3>
      <Variables variables={guide.variables} isSet={isSet} />
      <Extras guide={guide} appUrl={env.appUrl} />
    </Card>
  );
}

type SystemCardProps = {
  guide: SystemGuide;
  env: Env;
  /** Whether a variable has a value; the value itself is nobody's to see. */
  isSet: (name: string) => boolean;
};

export function Variables({
  variables,
  isSet,
}: Pick<SystemGuide, "variables"> & Pick<SystemCardProps, "isSet">) {
  return (
    <ul className="grid gap-x-10 gap-y-2.5 text-small sm:grid-cols-[repeat(auto-fit,minmax(20rem,1fr))]">
      {variables.map(({ name, where, isOptional }) => (
        <li key={name}>
          <span className="flex flex-wrap items-baseline gap-x-2">
            <Code>{name}</Code>
            <span className="text-muted">
              {isSet(name) ? "present" : isOptional ? "not set, optional" : "not set"}
            </span>
          </span>
          <span className="mt-0.5 block text-muted">{where}</span>
        </li>
      ))}
    </ul>
  );
}

function Address({ system: { name, mode, url } }: { system: ExternalSystem }) {
  const hasPages = mode === "local" && (name === "Mail" || name === "Stripe");
  return (
    <p className="mb-4 flex flex-wrap items-baseline gap-x-2.5 gap-y-1 text-muted">
      <Badge>{MODES[mode]}</Badge>
      {mode === "off" ? null : (
        <span className="min-w-0 break-all">{hasPages ? <TextLink href={url}>{url}</TextLink> : url}</span>
      )}
    </p>
  );
}

function Extras({ guide, appUrl }: { guide: SystemGuide; appUrl: string }) {
  if (guide.key === "stripe") {
    return (
      <>
        <Lines title="Webhook endpoint's address" code={webhookAddress(appUrl)}>
          Stripe dashboard, Developers, Webhooks, Add endpoint.
        </Lines>
        <Lines title="Events to select" code={HANDLED_EVENT_TYPES.join("\n")} />
      </>
    );
  }
  if (guide.key === "sign_in") {
    return (
      <>
        <Lines title="GitHub's callback address" code={`${appUrl}/api/auth/callback/github`} />
        <Lines title="Google's redirect address" code={`${appUrl}/api/auth/callback/google`} />
      </>
    );
  }
  if (guide.key === "scheduler") {
    return (
      <Lines title="Lines for a crontab" code={crontab(appUrl)}>
        On any machine that has <Code>CRON_SECRET</Code> in its environment. A host with a scheduler of its
        own calls the same addresses, by GET or POST.
      </Lines>
    );
  }
  return null;
}

function Lines({ title, code, children }: { title: string; code: string; children?: ReactNode }) {
  return (
    <div className="mt-5">
      <h3 className="font-medium">{title}</h3>
      {children ? <p className="mt-0.5 text-small text-muted">{children}</p> : null}
      <div className="mt-2">
        <CodeBlock label={title} code={code} />
      </div>
    </div>
  );
}
