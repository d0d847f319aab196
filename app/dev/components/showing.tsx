import { Inbox, Plus } from "lucide-react";
import { Badge } from "@/components/badge";
import { Breadcrumb } from "@/components/breadcrumb";
import { Button } from "@/components/button";
import { Card } from "@/components/card";
import { Code } from "@/components/code";
import { CodeBlock } from "@/components/code-block";
import { Credits } from "@/components/credits";
import { DateTime } from "@/components/date-time";
import { DescriptionList } from "@/components/description-list";
import { EmptyState } from "@/components/empty-state";
import { LinkButton } from "@/components/link-button";
import { Meter } from "@/components/meter";
import { Money } from "@/components/money";
import { Notice } from "@/components/notice";
import { Pagination } from "@/components/pagination";
import { Progress } from "@/components/progress";
import { Skeleton } from "@/components/skeleton";
import { Spinner } from "@/components/spinner";
import { Stat } from "@/components/stat";
import { type Column, Table } from "@/components/table";
import { Tabs } from "@/components/tabs";
import { Specimen, Variants } from "./specimen";

const NOW = new Date("2026-11-21T09:41:00Z");

type LedgerRow = { id: string; at: Date; what: string; tokens: number; paidMinor: number | null };

const LEDGER: LedgerRow[] = [
  {
    id: "4",
    at: new Date("2026-11-21T08:30:00Z"),
    what: "Answer, gpt-local",
    tokens: -1_240,
    paidMinor: null,
  },
  {
    id: "3",
    at: new Date("2026-11-20T16:02:00Z"),
    what: "Token package, 50,000",
    tokens: 50_000,
    paidMinor: 1_950,
  },
  {
    id: "2",
    at: new Date("2026-11-02T11:15:00Z"),
    what: "Given back: the answer broke off",
    tokens: 312,
    paidMinor: null,
  },
  { id: "1", at: new Date("2026-09-01T00:00:00Z"), what: "Welcome gift", tokens: 5_000, paidMinor: 0 },
];

const LEDGER_COLUMNS: Column<LedgerRow>[] = [
  { key: "at", label: "When", cell: ({ at }) => <DateTime date={at} now={NOW} /> },
  { key: "what", label: "What", isRowHeader: true, isWrapping: true, cell: ({ what }) => what },
  {
    key: "paid",
    label: "Paid",
    align: "end",
    cell: ({ paidMinor }) => (paidMinor === null ? null : <Money amountMinor={paidMinor} currency="usd" />),
  },
  {
    key: "tokens",
    label: "Balance",
    align: "end",
    cell: ({ tokens }) => <Credits amount={tokens} unit="tokens" isSigned />,
  },
];

export function Showing() {
  return (
    <>
      <Specimen title="Notice">
        <Notice title="Changes take effect tomorrow">Neutral: something to know.</Notice>
        <Notice tone="good" title="Trial active">
          Free until 28 Nov 2026. Your card is charged after that.
        </Notice>
        <Notice
          tone="warning"
          title="Payment past due"
          actions={
            <LinkButton href="/account/billing" variant="secondary" size="small">
              Update payment method
            </LinkButton>
          }
        >
          $54 could not be charged. The next attempt is on 24 Nov 2026.
        </Notice>
        <Notice tone="danger">Without a title: the payment service does not answer at the moment.</Notice>
      </Specimen>
      <Specimen title="Badge">
        <Variants label="tones">
          <Badge>Draft</Badge>
          <Badge tone="good">Paid</Badge>
          <Badge tone="warning">To be paid</Badge>
          <Badge tone="danger">Failed</Badge>
        </Variants>
      </Specimen>
      <Specimen title="Table">
        <Table
          caption="The last movements of the balance"
          columns={LEDGER_COLUMNS}
          rows={LEDGER}
          rowKey={(row) => row.id}
          empty="Nothing has moved yet."
        />
        <Pagination label="Pages of movements" newerHref={null} olderHref="#table" summary="1–4 of many" />
        <Table
          caption="A table without rows"
          columns={LEDGER_COLUMNS}
          rows={[]}
          rowKey={(row) => row.id}
          empty="Nothing has moved yet."
        />
      </Specimen>
      <Specimen title="Meter">
        <Meter label="AI requests today" value={12} max={200} text="12 of 200" note="resets 00:00 UTC" />
        <Meter label="AI requests today" value={160} max={200} text="160 of 200" note="resets 00:00 UTC" />
        <Meter
          label="Tokens this month"
          value={50_000}
          max={50_000}
          text="50,000 of 50,000"
          note="resets 1 Dec 2026"
        />
        <Meter label="Projects" value={1_204} max={null} text="1,204 · no limit" />
      </Specimen>
      <Specimen title="Progress">
        <Progress label="Moving customers to version 4" value={62} text="124 of 200" />
        <Progress label="Reading the log" value={null} />
      </Specimen>
      <Specimen title="Figures">
        <div className="grid gap-6 sm:grid-cols-3">
          <Stat
            label="Balance"
            value={<Credits amount={48_760} unit="tokens" />}
            note="lasts about 12 days"
          />
          <Stat
            label="Revenue this month"
            value={<Money amountMinor={1_284_050} currency="usd" />}
            note="as of 09:41 UTC"
          />
          <Stat
            label="Yen and dinar"
            value={<Money amountMinor={1_250} currency="jpy" />}
            note={<Money amountMinor={12_345} currency="kwd" />}
          />
        </div>
        <Variants label="moments">
          <DateTime date={NOW} />
          <DateTime date={NOW} hasTime />
          <DateTime date={NOW} hasTime timeZone="Europe/Berlin" />
          <DateTime date={new Date("2026-11-21T07:10:00Z")} now={NOW} />
          <DateTime date={new Date("2026-11-28T00:00:00Z")} now={NOW} />
        </Variants>
      </Specimen>
      <Specimen title="Description list">
        <div className="grid gap-8 sm:grid-cols-2">
          <DescriptionList
            items={[
              { term: "Plan", detail: "Community Pro" },
              { term: "Customer", detail: <Code>cus_QX81mZ</Code> },
              { term: "Since", detail: <DateTime date={new Date("2026-03-04T00:00:00Z")} /> },
            ]}
          />
          <DescriptionList
            layout="statement"
            items={[
              { term: "Credit for unused time", detail: <Money amountMinor={-2_750} currency="usd" /> },
              { term: "Pro Learn, 40 days", detail: <Money amountMinor={4_666} currency="usd" /> },
              { term: "Due today", detail: <Money amountMinor={1_916} currency="usd" />, isTotal: true },
            ]}
          />
        </div>
      </Specimen>
      <Specimen title="Tabs">
        <Tabs
          label="Ways to call"
          tabs={[
            { value: "curl", label: "curl", content: <CodeBlock label="Request" code={CURL} /> },
            {
              value: "node",
              label: "Node.js",
              content: <p className="text-muted">The same, from Node.js.</p>,
            },
            {
              value: "python",
              label: "Python",
              content: <p className="text-muted">The same, from Python.</p>,
            },
          ]}
        />
      </Specimen>
      <Specimen title="Code">
        <p>
          Send it as <Code>Authorization: Bearer tk_local_free</Code> with every request.
        </p>
        <CodeBlock label="API key" code="tk_live_4f9b2c71d0e85a36_not_a_real_key" />
      </Specimen>
      <Specimen title="Breadcrumb">
        <Breadcrumb
          trail={[{ label: "Account", href: "/account/billing" }, { label: "Invoices" }]}
          current="TK-0042"
        />
      </Specimen>
      <Specimen title="Empty state">
        <EmptyState
          icon={Inbox}
          title="No API keys yet"
          actions={
            <Button size="small">
              <Plus aria-hidden className="size-4" /> New API key
            </Button>
          }
        >
          A key lets your own programs record usage and read what is left.
        </EmptyState>
      </Specimen>
      <Specimen title="Loading">
        <div aria-busy="true" className="space-y-3">
          <Skeleton className="h-6 w-40" />
          <Skeleton />
          <Skeleton className="h-4 w-2/3" />
        </div>
        <Variants label="beside words">
          <Spinner className="size-5 text-muted" />
          <span>Asking the payment service…</span>
        </Variants>
      </Specimen>
      <Specimen title="Card">
        <div className="grid gap-5 sm:grid-cols-2">
          <Card>Without a title.</Card>
          <Card
            title="Payment method"
            description="Charged on 1 Dec 2026."
            actions={
              <Button variant="secondary" size="small">
                Change
              </Button>
            }
          >
            Visa ending in 4242
          </Card>
        </div>
      </Specimen>
    </>
  );
}

const CURL = `curl https://api.example.com/v1/billing/usage \\
  -H "Authorization: Bearer tk_live_…"`;
