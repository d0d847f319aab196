import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { Card } from "@/components/card";
import { CodeBlock } from "@/components/code-block";
import { Notice } from "@/components/notice";
import { PageHeader } from "@/components/page-header";
import { type Env, envResult } from "@/lib/env";
import { getViewer } from "@/lib/http/viewer";
import { CheckAgain } from "./check-again";
import { SystemCard, Variables } from "./system-card";
import { APP_VARIABLES, envBlock, OPERATING_VARIABLES, SYSTEM_GUIDE } from "./system-guide";

export const metadata: Metadata = { title: "Set-up", robots: { index: false } };

/**
 * Every outside system with how it is right now, and what to paste where. The one page that works on an
 * installation without its variables. It shows names and addresses, never a secret, and once an installation serves
 * customers it is the platform admins' alone. (criterion 24)
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
      <PageHeader title="Set-up" actions={<CheckAgain />}>
        <p>
          {env.local
            ? "Local mode: what is not configured is replaced by a stand-in on this machine. No money moves."
            : "Every system this installation talks to, and how it is right now."}
        </p>
      </PageHeader>
      <ul className="grid gap-5 lg:grid-cols-2">
        {SYSTEM_GUIDE.map((guide) => (
          <li key={guide.key} className="min-w-0">
            <SystemCard guide={guide} env={env} isSet={isSet} />
          </li>
        ))}
        <li className="min-w-0 lg:col-span-2">
          <Card title="This app" description={env.appUrl}>
            <Variables variables={[...APP_VARIABLES, ...OPERATING_VARIABLES]} isSet={isSet} />
          </Card>
        </li>
        <li className="min-w-0 lg:col-span-2">
          <EnvBlock />
        </li>
      </ul>
    </>
  );
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
      <div className="mt-5">
        <EnvBlock />
      </div>
    </>
  );
}

function EnvBlock() {
  return (
    <Card
      title="The whole .env"
      description="Every variable, to be filled in. Read at start: after a change, start the app again."
    >
      <CodeBlock label="The whole .env" code={envBlock()} />
    </Card>
  );
}

/** Presence only: no value leaves this function. */
function isSet(name: string): boolean {
  return Boolean(process.env[name]?.trim());
}
