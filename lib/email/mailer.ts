import type { ReactElement } from "react";
import { render, toPlainText } from "react-email";
import { Resend } from "resend";
import { AppError } from "@/lib/app-error";
import type { Env } from "@/lib/env";

export type Mail = {
  to: string;
  subject: string;
  body: ReactElement;
  /** Two sends under one key are one mail (for 24 hours). */
  idempotencyKey: string;
};

export type Mailer = {
  /** @throws AppError `internal` when the mail service refuses or does not answer. */
  send(mail: Mail): Promise<void>;
};

/** Sends through Resend, or through its local stand-in. */
export function openMailer({ apiKey, from, localUrl }: Env["mail"]): Mailer {
  const resend = new Resend(apiKey, localUrl ? { baseUrl: localUrl } : {});
  return {
    async send({ to, subject, body, idempotencyKey }) {
      const html = await render(body);
      const { error } = await resend.emails.send(
        { from, to, subject, html, text: toPlainText(html) },
        { idempotencyKey },
      );
      if (error) {
        throw new AppError("internal", "The mail could not be sent. Please try again in a moment.", {
          detail: `mail refused: ${error.name}`,
          cause: error,
        });
      }
    },
  };
}
