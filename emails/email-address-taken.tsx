import { Text } from "react-email";
import { MailButton, MailFrame, MailNote } from "./mail-frame";

/** To an address that somebody wants for their account and that has one already. Only its owner is told. */
export function EmailAddressTaken({ signInUrl }: { signInUrl: string }) {
  return (
    <MailFrame preview="This address has an account already" title="This address has an account already">
      <Text>
        Somebody asked for their account to be reached at this address. It has an account of its own already,
        so that is not possible.
      </Text>
      <MailButton href={signInUrl}>Sign in to it</MailButton>
      <MailNote>If it was not you who asked, leave it: nothing changes.</MailNote>
    </MailFrame>
  );
}
