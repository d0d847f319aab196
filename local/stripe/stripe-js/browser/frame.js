let frameCount = 0;

/**
 * An iframe of the lab's origin and the conversation with it. What is typed stays in there; only messages that come from
 * this very window and that origin are heard.
 */
export class Frame {
  #answers = new Map();
  #asked = 0;
  #onMessage;
  #listen;
  #open;

  /** @param options what the frame is told each time a document of its own has loaded. */
  constructor({ baseUrl, path, title, options, onMessage }) {
    this.origin = new URL(baseUrl).origin;
    this.#onMessage = onMessage;
    this.#open = options;
    this.opened = new Promise((resolve) => {
      this.#answers.set("opened", resolve);
    });
    frameCount += 1;
    const iframe = document.createElement("iframe");
    iframe.name = `__privateStripeFrame${frameCount}`;
    iframe.title = title;
    iframe.src = `${baseUrl}${path}`;
    // Another scheme than the document's own would be painted on an opaque white.
    const style = {
      border: "0",
      display: "block",
      width: "100%",
      height: "1.2em",
      colorScheme: "light",
      background: "transparent",
    };
    Object.assign(iframe.style, style);
    iframe.addEventListener("load", () => this.#send({ kind: "open", detail: this.#open() }));
    this.iframe = iframe;
    this.#listen = (event) => this.#hear(event);
    window.addEventListener("message", this.#listen);
  }

  /** Tells the frame something. */
  tell(kind, detail) {
    this.opened.then(() => this.#send({ kind, detail }));
  }

  /** Asks the frame, once it is there, and waits for its answer. */
  async ask(kind, detail) {
    await this.opened;
    this.#asked += 1;
    const id = this.#asked;
    return new Promise((resolve) => {
      this.#answers.set(id, resolve);
      this.#send({ kind, detail, id });
    });
  }

  remove() {
    window.removeEventListener("message", this.#listen);
    this.iframe.remove();
  }

  #send(message) {
    this.iframe.contentWindow?.postMessage({ stripeJs: true, ...message }, this.origin);
  }

  #hear({ source, origin, data }) {
    if (source !== this.iframe.contentWindow || origin !== this.origin || data?.stripeJs !== true) return;
    if (data.kind === "answer" || data.kind === "opened") {
      const key = data.kind === "opened" ? "opened" : data.id;
      this.#answers.get(key)?.(data.detail);
      this.#answers.delete(key);
      return;
    }
    if (data.kind === "height") this.iframe.style.height = `${Number(data.detail)}px`;
    else this.#onMessage(data.kind, data.detail);
  }
}
