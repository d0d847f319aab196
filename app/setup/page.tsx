import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { Card } from "@/components/card";
import { Notice } from "@/components/notice";
import { PageHeader } from "@/components/page-header";
import { TextLink } from "@/components/text-link";
import { type Env, type ExternalSystem, envResult, type SystemName } from "@/lib/env";
import { getViewer } from "@/lib/http/viewer";

export const metadata: Metadata = { title: "Set-up", robots: { index: false } };

/** Which variables make a system real. */
const VARIABLES: Record<SystemName, string[]> = {
  Postgres: ["DATABASE_URL"],
  Redis: ["UPSTASH_REDIS_REST_URL", "UPSTASH_REDIS_REST_TOKEN"],
  Stripe: ["STRIPE_SECRET_KEY", "STRIPE_PUBLISHABLE_KEY", "STRIPE_WEBHOOK_SECRET"],
  Mail: ["RESEND_API_KEY", "MAIL_FROM"],
  "AI provider": ["AI_PROVIDER_BASE_URL", "AI_PROVIDER_KEY"],
};

const MODES: Record<ExternalSystem["mode"], string> = {
  real: "Real",
  local: "Local stand-in",
  off: "Off",
};

/**
 * The one page that works on an installation without its variables. It shows names and addresses, never a secret,
 * and once an installation serves customers it is the platform admins' alone.
 */
export default async function SetupPage() {
  const result = envResult();
  if (!result.ok) return <Problems problems={result.problems} />;
  if (!result.env.local && !(await getViewer())?.isPlatformAdmin) notFound();
  return <Systems env={result.env} />;
}

function Systems({ env }: { env: Env }) {
  return (
    <>
      <PageHeader title="Set-up">
        <p>
          {env.local
            ? "Local mode: what is not configured is replaced by a stand-in on this machine. No money moves."
            : "This installation is configured. Every system it talks to is listed here."}
        </p>
      </PageHeader>
      <ul className="grid gap-4 md:grid-cols-2">
        {env.systems.map((system) => (
          <li key={system.name}>
            <SystemCard system={system} />
          </li>
        ))}
      </ul>
      <dl className="mt-8 grid max-w-text grid-cols-[auto_1fr] gap-x-6 gap-y-1 text-muted">
        <dt>This app</dt>
        <dd className="min-w-0 break-all text-ink">{env.appUrl}</dd>
        <dt>Catalogue</dt>
        <dd className="text-ink">{env.catalogue}</dd>
      </dl>
      <p className="mt-4 max-w-text text-small text-muted">
        Read at start: after changing a variable, start the app again.
      </p>
    </>
  );
}

function SystemCard({ system: { name, mode, url } }: { system: ExternalSystem }) {
  return (
    <Card className="h-full">
      <div className="flex items-baseline justify-between gap-3">
        <h2 className="font-semibold">{name}</h2>
        <span className="rounded-pill bg-sunken px-2.5 py-0.5 text-small">{MODES[mode]}</span>
      </div>
      <p className="mt-2 break-all text-muted">
        {mode === "local" && hasPages(name) ? <TextLink href={url}>{url}</TextLink> : url}
      </p>
      {mode === "real" ? null : (
        <p className="mt-3 text-small text-muted">
          {mode === "local" ? "Made real by " : "Switched on by "}
          {VARIABLES[name].map((variable, index) => (
            <span key={variable}>
              {index > 0 ? ", " : null}
              <code className="font-mono whitespace-nowrap">{variable}</code>
            </span>
          ))}
          .
        </p>
      )}
    </Card>
  );
}

/** The stand-ins that a person can look at. */
function hasPages(name: SystemName): boolean {
  return name === "Mail" || name === "Stripe";
}

function Problems({ problems }: { problems: string[] }) {
  return (
    <>
      <PageHeader title="Set-up">
        <p>This installation cannot serve anything yet. Set what is listed here and start it again.</p>
      </PageHeader>
      <Notice
        tone="warning"
        title={problems.length === 1 ? "One thing to set" : `${problems.length} things to set`}
      >
        <ul className="mt-2 list-disc space-y-1.5 pl-5 break-words">
          {problems.map((problem) => (
            <li key={problem}>{problem}</li>
          ))}
        </ul>
      </Notice>
    </>
  );
}
