import {
  AddressElement,
  CardElement,
  Elements,
  EmbeddedCheckout,
  EmbeddedCheckoutProvider,
  ExpressCheckoutElement,
  PaymentElement,
  useElements,
  useStripe,
} from "@stripe/react-stripe-js";
import { type Appearance, loadStripe, type StripeElementLocale } from "@stripe/stripe-js";
import { type FormEvent, useState } from "react";
import { createRoot } from "react-dom/client";

/** An event of an element. */
export type Told = { type: string; event: unknown };

/** What a test wants of the page. */
export type ShopConfig = {
  key?: string;
  kind: "payment" | "setup" | "card" | "embedded" | "payment_method";
  clientSecret: string;
  /** Set up without the intent, which is given when it is confirmed. */
  deferred?: { mode: "payment" | "setup"; amount?: number; currency: string };
  redirect?: "if_required";
  appearance?: Appearance;
  locale?: StripeElementLocale;
  withAddress?: boolean;
  /** The client secret of a customer session. */
  customerSession?: string;
  /** The fields are shown when they are ready, something else until then. */
  hiddenUntilReady?: boolean;
};

/** What the elements have told, in order. */
const told: Told[] = [];
Object.assign(window, { told, stripeJs: window.Stripe });
const config: ShopConfig = JSON.parse(new URL(location.href).searchParams.get("config") ?? "{}");
const stripe = loadStripe(config.key ?? "pk_test_local", { locale: config.locale ?? "en" });

function tell(type: string): (event?: unknown) => void {
  return (event) => told.push({ type, event: JSON.parse(JSON.stringify(event ?? null)) });
}

function Shop() {
  if (config.kind === "embedded") {
    const options = { clientSecret: config.clientSecret, onComplete: tell("complete") };
    return (
      <EmbeddedCheckoutProvider stripe={stripe} options={options}>
        <EmbeddedCheckout />
      </EmbeddedCheckoutProvider>
    );
  }
  const session = config.customerSession ? { customerSessionClientSecret: config.customerSession } : {};
  const common = { ...session, appearance: config.appearance, locale: config.locale ?? ("en" as const) };
  return (
    <Elements stripe={stripe} options={optionsOf(common)}>
      <Form />
    </Elements>
  );
}

function optionsOf(common: { appearance: Appearance | undefined; locale: StripeElementLocale }) {
  if (config.kind === "card") return common;
  const creation = config.kind === "payment_method" ? { paymentMethodCreation: "manual" as const } : {};
  // The page passes on what the test gave it, whatever the types say.
  if (config.deferred)
    return { ...common, ...creation, ...config.deferred } as typeof common & { mode: "setup" };
  return { ...common, clientSecret: config.clientSecret };
}

function Form() {
  const [message, setMessage] = useState<string | null>(null);
  const [result, setResult] = useState<unknown>(null);
  const [isReady, setIsReady] = useState(false);
  const stripeJs = useStripe();
  const elements = useElements();

  async function pay(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (!stripeJs || !elements) return;
    setMessage(null);
    setResult(null);
    try {
      const answer = await confirm();
      setResult(answer);
      setMessage(answer.error?.message ?? null);
    } catch (error) {
      setMessage(String(error));
    }
  }

  async function confirm(): Promise<{ error?: { message?: string } }> {
    if (!stripeJs || !elements) throw new Error("Stripe.js is not there yet.");
    if (config.kind === "card") {
      const card = elements.getElement(CardElement);
      if (!card) throw new Error("There is no card element.");
      return stripeJs.confirmCardPayment(config.clientSecret, {
        payment_method: { card, billing_details: { name: "Ada" } },
      });
    }
    if (config.deferred) {
      const { error } = await elements.submit();
      if (error) return { error };
    }
    if (config.kind === "payment_method") return stripeJs.createPaymentMethod({ elements, params: {} });
    const options = {
      elements,
      ...(config.deferred ? { clientSecret: config.clientSecret } : {}),
      confirmParams: { return_url: `${location.origin}/done?order=7` },
      ...(config.redirect ? { redirect: config.redirect } : {}),
    } as Parameters<typeof stripeJs.confirmPayment>[0];
    return config.kind === "setup" ? stripeJs.confirmSetup(options) : stripeJs.confirmPayment(options);
  }

  return (
    <form onSubmit={pay}>
      <h1>Shop</h1>
      {config.kind === "card" ? (
        <CardElement onChange={tell("change")} onReady={() => tell("ready")()} />
      ) : (
        <>
          <ExpressCheckoutElement onConfirm={() => {}} onReady={tell("express ready")} />
          {config.withAddress ? (
            <AddressElement options={{ mode: "billing" }} onChange={tell("address")} />
          ) : null}
          <div style={config.hiddenUntilReady && !isReady ? { display: "none" } : {}}>
            <PaymentElement
              onChange={tell("change")}
              onReady={() => {
                tell("ready")();
                setIsReady(true);
              }}
              onLoaderStart={tell("loaderstart")}
              onLoadError={tell("loaderror")}
              onFocus={tell("focus")}
              onBlur={tell("blur")}
              onSavedPaymentMethodRemove={tell("removed")}
            />
          </div>
        </>
      )}
      <button type="submit">Pay</button>
      {message === null ? null : <p role="alert">{message}</p>}
      {result === null ? null : <output>{JSON.stringify(result)}</output>}
    </form>
  );
}

const root = document.getElementById("root");
if (root) createRoot(root).render(<Shop />);
