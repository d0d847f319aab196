const LOOPBACK = /^https?:\/\/((.+\.)?localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

/**
 * The conversation with the page this frame is in. The first that speaks is the one that is listened to: this window's
 * own parent, on this machine. Nothing is ever said to another origin.
 * @param handlers what the page may ask for; what they return is the answer.
 */
export function linkToParent(handlers) {
  let origin = null;
  const send = (kind, detail, id) => {
    if (origin !== null) window.parent.postMessage({ stripeJs: true, kind, detail, id }, origin);
  };
  const sendHeight = () => send("height", Math.ceil(document.body.getBoundingClientRect().height));
  window.addEventListener("message", async ({ source, origin: from, data }) => {
    if (source !== window.parent || data?.stripeJs !== true) return;
    if (origin === null ? !LOOPBACK.test(from) : origin !== from) return;
    const isOpening = origin === null;
    origin = from;
    if (!Object.hasOwn(handlers, data.kind)) return;
    const answer = await handlers[data.kind](data.detail);
    if (isOpening) {
      new ResizeObserver(sendHeight).observe(document.body);
      sendHeight();
      send("opened");
    }
    if (data.id !== undefined) send("answer", answer, data.id);
  });
  return { send };
}
