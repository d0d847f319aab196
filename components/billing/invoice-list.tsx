import { Badge, type BadgeTone } from "@/components/badge";
import { Card } from "@/components/card";
import { DateTime } from "@/components/date-time";
import { Money } from "@/components/money";
import { type Column, Table } from "@/components/table";
import { TextLink } from "@/components/text-link";

/** The latest invoices, newest first. */
export function InvoiceList({ invoices }: { invoices: ListedInvoice[] }) {
  return (
    <Card title="Invoices">
      <Table
        caption="Invoices, newest first"
        isCaptionHidden
        columns={COLUMNS}
        rows={invoices}
        rowKey={(invoice) => invoice.id}
        empty="There are none yet. Each payment puts one here."
      />
    </Card>
  );
}

type ListedInvoice = {
  id: string;
  number: string | null;
  /** Stripe's, verbatim. */
  status: string;
  currency: string;
  totalMinor: number;
  createdAt: Date;
  hostedInvoiceUrl: string | null;
};

const STATUSES: Record<string, { words: string; tone: BadgeTone }> = {
  open: { words: "To be paid", tone: "warning" },
  paid: { words: "Paid", tone: "good" },
  uncollectible: { words: "Not collected", tone: "danger" },
  void: { words: "Void", tone: "neutral" },
};

const COLUMNS: Column<ListedInvoice>[] = [
  { key: "date", label: "Date", cell: ({ createdAt }) => <DateTime date={createdAt} /> },
  {
    key: "number",
    label: "Invoice",
    isRowHeader: true,
    cell: ({ number, hostedInvoiceUrl }) => {
      const name = number ?? "Invoice";
      return hostedInvoiceUrl ? <TextLink href={hostedInvoiceUrl}>{name}</TextLink> : name;
    },
  },
  {
    key: "status",
    label: "Status",
    cell: ({ status }) => {
      const { words, tone } = STATUSES[status] ?? { words: status, tone: "neutral" };
      return <Badge tone={tone}>{words}</Badge>;
    },
  },
  {
    key: "amount",
    label: "Amount",
    align: "end",
    cell: ({ totalMinor, currency }) => <Money amountMinor={totalMinor} currency={currency} />,
  },
];
