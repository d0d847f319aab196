/** A mail as the inbox keeps it, in the field names of Resend's API. */
export type Mail = {
  id: string;
  created_at: string;
  from: string;
  to: string[];
  cc: string[];
  bcc: string[];
  reply_to: string[];
  subject: string;
  html: string | null;
  text: string | null;
  headers: Record<string, string>;
  tags: { name: string; value: string }[];
  /** Names only: the inbox shows that a file was attached, not the file. */
  attachments: string[];
  scheduled_at: string | null;
};

/** What a sender gives; the inbox adds the rest. */
export type MailDraft = Omit<Mail, "id" | "created_at">;

/** "Ann <ann@example.com>" and "ann@example.com" are the same recipient. */
export function addressOf(recipient: string): string {
  return (/<([^<>]+)>\s*$/.exec(recipient)?.[1] ?? recipient).trim().toLowerCase();
}

/** Everybody the mail reaches, openly or not. */
export function recipientsOf(mail: Mail): string[] {
  return [...mail.to, ...mail.cc, ...mail.bcc].map(addressOf);
}
