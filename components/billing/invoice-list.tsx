import { Card } from "@/components/card";
import { TextLink } from "@/components/text-link";
import { formatDate } from "@/lib/domain/format-date";
import { formatMoney } from "@/lib/domain/money";

/** The latest invoices, newest first. */
export function InvoiceList({ invoices }: { invoices: ListedInvoice[] }) {
  return (
    <Card>
      <h2 className="text-heading font-semibold tracking-tight">Invoices</h2>
      {invoices.length === 0 ? (
        <p className="mt-2 text-muted">There are none yet. Each payment puts one here.</p>
      ) : (
        <ul className="mt-3">
          {invoices.map((invoice) => (
            <Row key={invoice.id} invoice={invoice} />
          ))}
        </ul>
      )}
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

function Row({
  invoice: { number, status, currency, totalMinor, createdAt, hostedInvoiceUrl },
}: {
  invoice: ListedInvoice;
}) {
  const name = number ?? "Invoice";
  return (
    <li className="grid grid-cols-[1fr_auto] gap-x-4 border-t border-line py-3 first:border-0 sm:grid-cols-[8rem_1fr_7rem_6rem]">
      <span>{formatDate(createdAt)}</span>
      <span className="order-last min-w-0 break-words sm:order-none">
        {hostedInvoiceUrl ? <TextLink href={hostedInvoiceUrl}>{name}</TextLink> : name}
      </span>
      <span className="order-last text-right text-muted sm:order-none sm:text-left">
        {STATUS_WORDS[status] ?? status}
      </span>
      <span className="text-right">{formatMoney(totalMinor, currency)}</span>
    </li>
  );
}

const STATUS_WORDS: Record<string, string> = {
  open: "To be paid",
  paid: "Paid",
  uncollectible: "Not collected",
  void: "Void",
};
