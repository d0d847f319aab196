import { createServer } from "node:http";
import Stripe from "stripe";
import { closeServer, listenLocally } from "@/local/http-server";

export const RECEIVER_SECRET = "whsec_test_receiver";

export type WebhookReceiver = {
  url: string;
  endpoint: { url: string; secret: string };
  /** Every delivery, in order of arrival, whatever it was answered with. */
  deliveries: { payload: string; signature: string }[];
  /** The types of the deliveries. */
  types(): string[];
  /** Statuses for the next deliveries; 200 when none are left. */
  answers: number[];
  /** While set, deliveries wait for it before they are answered. */
  hold: Promise<void> | null;
  close(): Promise<void>;
};

/** An app's webhook endpoint, recording what it is sent. */
export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const server = createServer((request, response) => {
    let payload = "";
    request.on("data", (chunk) => {
      payload += chunk;
    });
    request.on("end", async () => {
      receiver.deliveries.push({ payload, signature: String(request.headers["stripe-signature"]) });
      const status = receiver.answers.shift() ?? 200;
      await receiver.hold;
      response.writeHead(status, status >= 300 && status < 400 ? { Location: "/elsewhere" } : {}).end();
    });
  });
  const port = await listenLocally(server, 0);
  const url = `http://127.0.0.1:${port}/webhooks`;
  const receiver: WebhookReceiver = {
    url,
    endpoint: { url, secret: RECEIVER_SECRET },
    deliveries: [],
    types: () => receiver.deliveries.map(({ payload }) => JSON.parse(payload).type),
    answers: [],
    hold: null,
    close: () => closeServer(server),
  };
  return receiver;
}

/** Reads a delivery as an app does, signature check included. */
export function readDelivery(
  delivery: { payload: string; signature: string },
  secret = RECEIVER_SECRET,
): Stripe.Event {
  return Stripe.webhooks.constructEvent(delivery.payload, delivery.signature, secret);
}
