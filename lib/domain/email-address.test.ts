import { expect, test } from "vitest";
import { EmailAddress } from "./email-address";

test("an address is taken as typed, without the blanks around it and in lower case", () => {
  expect(EmailAddress.parse("  Ada.Lovelace+news@Example.Test ")).toBe("ada.lovelace+news@example.test");
});

test.each([
  "a@evil.test,b@good.test",
  "a@evil.test b@good.test",
  "a@evil.test;b@good.test",
  '"a@evil.test"@good.test',
  '"quoted"@good.test',
  "victim@good.test\uFF20evil.test",
  "victim\uFF20good.test",
  "victim@good.test\u0000",
  "victim@good.test\r\nbcc: a@evil.test",
  "victim@g\u043E\u043Ed.test",
  "Victim <victim@good.test>",
  "victim(a@evil.test)@good.test",
  "victim@good.test@evil.test",
  "victim@[127.0.0.1]",
  "victim",
  `${"a".repeat(250)}@good.test`,
])("%j is no single plain address and reaches no mailbox (V11)", (text) => {
  expect(EmailAddress.safeParse(text).success).toBe(false);
});
