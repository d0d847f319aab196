import { buttonStyle } from "@/components/button-style";
import { ActionForm } from "@/components/form/action-form";
import { SubmitButton } from "@/components/form/submit-button";
import type { FormAction } from "@/lib/domain/action-state";
import type { PlanPrice, PlanTerms } from "@/lib/domain/catalogue";
import type { PlanButton } from "@/lib/domain/plan-button";
import { planHeadingId } from "./plan-card";

/** A plan's button by one interval, with its line. Whoever is signed in buys at once; others are led there by a link. */
export function PlanChoice({
  plan,
  price,
  interval,
  button,
  subscribePath,
  subscribeAction,
}: PlanChoiceProps) {
  return (
    <div data-interval={interval ?? undefined}>
      <Press
        plan={plan}
        price={price}
        button={button}
        subscribePath={subscribePath}
        subscribeAction={subscribeAction}
      />
      <p className="mt-1.5 text-center text-small text-muted">{button.note}</p>
    </div>
  );
}

type PressProps = {
  plan: Pick<PlanTerms, "slug" | "isPopular">;
  price: PlanPrice | null;
  button: PlanButton;
  /** The page that leads on to the checkout of this price; null = it is not sold. */
  subscribePath: string | null;
  /** Null = nobody is signed in. */
  subscribeAction: FormAction | null;
};

type PlanChoiceProps = PressProps & {
  /** The interval it is shown for; null = for any. */
  interval: string | null;
};

function Press({ plan, price, button, subscribePath, subscribeAction }: PressProps) {
  const variant = plan.isPopular ? "primary" : "secondary";
  const headingId = planHeadingId(plan.slug);
  if (button.kind === "none") {
    return (
      <p className="flex min-h-10 items-center justify-center rounded-control bg-sunken px-4 py-1.5 font-medium text-muted">
        {button.label}
      </p>
    );
  }
  if (button.kind === "subscribe" && price && subscribeAction) {
    return (
      <ActionForm
        action={subscribeAction}
        fields={{
          plan: plan.slug,
          interval: price.interval,
          interval_count: price.intervalCount,
          currency: price.currency,
        }}
      >
        <SubmitButton variant={variant} className="w-full" describedBy={headingId}>
          {button.label}
        </SubmitButton>
      </ActionForm>
    );
  }
  const href = button.kind === "link" ? button.href : subscribePath;
  if (href === null) return null;
  return (
    // A link of the page itself: it works before any script has loaded, and there is nothing to fetch ahead.
    <a href={href} aria-describedby={headingId} className={buttonStyle(variant, "regular", "w-full")}>
      {button.label}
    </a>
  );
}
