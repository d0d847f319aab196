/** What a card may be sent to; a page could ask for anything. */
const PATHS =
  /^\/v1\/(payment_intents\/pi_\w+\/confirm|setup_intents\/seti_\w+\/confirm|payment_methods|tokens)$/;

/** Puts the card into the parameters, at the place the call has for it. */
export function withCard(params, [head, ...rest], card) {
  const inner = params[head] ?? {};
  return { ...params, [head]: rest.length === 0 ? { ...inner, ...card } : withCard(inner, rest, card) };
}

/** Whether a card may be sent there. */
export function takesCards(path) {
  return typeof path === "string" && PATHS.test(path);
}
