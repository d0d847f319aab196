import { Text } from "react-email";
import { MailFrame, MailNote } from "./mail-frame";

/** Tells the old address that it is no longer the account's. */
export function EmailAddressChanged({ newEmail }: { newEmail: string }) {
  return (
    <MailFrame preview="Your e-mail address was changed" title="Your e-mail address was changed">
      <Text>Your account is reached at {newEmail} from now on. Sign-in links and receipts go there.</Text>
      <MailNote>Both addresses confirmed this. If it was not you, answer to this mail at once.</MailNote>
    </MailFrame>
  );
}
