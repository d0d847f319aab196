/** What an action did, to be said on the page it leads back to. */
export type Message = { text: string; isError: boolean };

/** Said once the browser is there, by number: what a page shows cannot be put into a link from elsewhere. */
export type Messages = { byNumber: Map<string, Message>; count: number };

const MAX_MESSAGES = 100;

export function createMessages(): Messages {
  return { byNumber: new Map(), count: 0 };
}

/** Keeps a message. @returns its number. */
export function keepMessage(messages: Messages, message: Message): string {
  messages.count += 1;
  const number = String(messages.count);
  messages.byNumber.set(number, message);
  const [oldest] = messages.byNumber.keys();
  if (oldest !== undefined && messages.byNumber.size > MAX_MESSAGES) messages.byNumber.delete(oldest);
  return number;
}
