import type { ReactNode } from "react";
import { Body, Button, Container, Head, Heading, Html, Preview, Text } from "react-email";

/** What all mails have in common. `preview` is what the list of mails shows beside the subject. */
export function MailFrame({ preview, title, children }: MailFrameProps) {
  return (
    <Html lang="en">
      <Head />
      <Preview>{preview}</Preview>
      <Body style={{ backgroundColor: "#f6f6f4", fontFamily: "system-ui, sans-serif", color: "#1c1d1f" }}>
        <Container
          style={{ backgroundColor: "#ffffff", padding: "32px", borderRadius: "10px", maxWidth: "480px" }}
        >
          <Heading as="h1" style={{ fontSize: "20px", margin: "0 0 16px" }}>
            {title}
          </Heading>
          {children}
        </Container>
      </Body>
    </Html>
  );
}

type MailFrameProps = { preview: string; title: string; children: ReactNode };

/** The one thing to press. */
export function MailButton({ href, children }: { href: string; children: ReactNode }) {
  return (
    <Button
      href={href}
      style={{ backgroundColor: "#14532d", color: "#ffffff", padding: "12px 20px", borderRadius: "8px" }}
    >
      {children}
    </Button>
  );
}

/** What stands at the end, for those whom the mail surprises. */
export function MailNote({ children }: { children: ReactNode }) {
  return <Text style={{ color: "#5b5f66", fontSize: "14px" }}>{children}</Text>;
}
