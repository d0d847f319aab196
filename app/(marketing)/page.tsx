import type { Metadata } from "next";
import { Card } from "@/components/card";
import { LinkButton } from "@/components/link-button";
import { TextLink } from "@/components/text-link";
import { envResult } from "@/lib/env";

export const metadata: Metadata = {
  title: { absolute: "Tollkeeper, the billing desk of an AI product" },
  alternates: { canonical: "/" },
};

const PROMISES = [
  {
    title: "Sells through Stripe",
    text: "Plans with trials and quarterly or yearly prices. What Stripe says is what counts, however late or twice it says it.",
  },
  {
    title: "Counts every AI call",
    text: "Held before the model is asked, settled when it has answered, given back when it has not.",
  },
  {
    title: "Stops exactly at the limit",
    text: "A limit of three lets three through, even when fifty ask at once, and says when it opens again.",
  },
];

export default function HomePage() {
  const result = envResult();
  return (
    <>
      <section className="max-w-text py-4 sm:py-10">
        <h1 className="text-display">The billing desk of an AI product</h1>
        <p className="mt-5 text-lead text-muted">
          Tollkeeper sells plans, counts what each customer’s AI calls use, and shows everybody what happened
          and what it costs. Run it as it is, or put your own product inside.
        </p>
        <div className="mt-8 flex flex-wrap gap-3">
          <LinkButton href="/pricing">See the plans</LinkButton>
          <LinkButton href="/playground" variant="secondary">
            Try the playground
          </LinkButton>
        </div>
      </section>
      <ul className="mt-8 grid gap-5 md:grid-cols-3">
        {PROMISES.map(({ title, text }) => (
          <li key={title}>
            <Card className="h-full">
              <h2 className="font-semibold">{title}</h2>
              <p className="mt-1.5 text-muted">{text}</p>
            </Card>
          </li>
        ))}
      </ul>
      {result.ok && result.env.local ? <FirstSteps /> : null}
    </>
  );
}

/** For whoever has just started it on their own machine. */
function FirstSteps() {
  return (
    <section aria-labelledby="first-steps" className="mt-12 max-w-text">
      <h2 id="first-steps" className="text-heading">
        You run it locally
      </h2>
      <p className="mt-2 text-muted">
        No account and no money: what is not configured is a stand-in on this machine.
      </p>
      <ol className="mt-4 list-decimal space-y-2 pl-6 marker:text-muted">
        <li>
          <TextLink href="/sign-in">Sign in</TextLink> as a demo account with one click.
        </li>
        <li>
          Ask the <TextLink href="/playground">playground</TextLink> four questions: the fourth meets the free
          plan’s limit.
        </li>
        <li>
          Choose a plan on the <TextLink href="/pricing">pricing page</TextLink> and pay with the test card{" "}
          <span className="whitespace-nowrap">4242 4242 4242 4242</span>.
        </li>
        <li>
          See where everything runs, and how to make it real, on the{" "}
          <TextLink href="/setup">set-up page</TextLink>.
        </li>
      </ol>
    </section>
  );
}
