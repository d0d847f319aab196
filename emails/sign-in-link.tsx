import { Text } from "react-email";
import { formatSignInCode } from "@/lib/domain/sign-in-code";
import { MailButton, MailFrame, MailNote } from "./mail-frame";

export type SignInLinkProps = { url: string; code: string; validMinutes: number };

/** The mail with the link that signs a person in, and the code that does so where the sign-in began. */
export function SignInLink({ url, code, validMinutes }: SignInLinkProps) {
  return (
    <MailFrame preview={`Your sign-in link and code, valid for ${validMinutes} minutes`} title="Sign in">
      <Text>Press the button to sign in. It works once, for {String(validMinutes)} minutes.</Text>
      <MailButton href={url}>Sign in</MailButton>
      <Text style={{ margin: "24px 0 4px" }}>Or type this code where you asked for it:</Text>
      <Text
        style={{
          fontFamily: "ui-monospace, monospace",
          fontSize: "28px",
          fontWeight: 600,
          letterSpacing: "0.1em",
          margin: "0 0 16px",
        }}
      >
        {formatSignInCode(code)}
      </Text>
      <MailNote>
        If you did not ask for it, leave it: nothing happens without the button or the code. Tell the code to
        nobody.
      </MailNote>
    </MailFrame>
  );
}
