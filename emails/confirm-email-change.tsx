import { Text } from "react-email";
import { MailButton, MailFrame, MailNote } from "./mail-frame";

export type ConfirmEmailChangeProps = {
  url: string;
  oldEmail: string;
  newEmail: string;
  /** Which of the two addresses this mail goes to. */
  recipient: "old" | "new";
  validHours: number;
};

/** Asks each of the two addresses whether the change is meant. */
export function ConfirmEmailChange({
  url,
  oldEmail,
  newEmail,
  recipient,
  validHours,
}: ConfirmEmailChangeProps) {
  return (
    <MailFrame preview="Confirm your new e-mail address" title="Confirm your new e-mail address">
      <Text>
        The account of {oldEmail} is to be reached at {newEmail} from now on. This happens once both addresses
        have confirmed it, within {String(validHours)} hours.
      </Text>
      <MailButton href={url}>Look at the change</MailButton>
      <MailNote>
        {recipient === "old"
          ? "If you did not ask for it, do not confirm: nothing changes. Somebody may be using your account, so sign out everywhere on its security page."
          : "If you did not ask for it, leave it: nothing changes."}
      </MailNote>
    </MailFrame>
  );
}
