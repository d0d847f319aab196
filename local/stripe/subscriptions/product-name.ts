import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { idOf } from "@/local/stripe/references";
import { findObject } from "@/local/stripe/store/store";

/** The name of what a price sells, as lines show it. */
export function productName(context: Context, price: Stripe.Price): string {
  return findObject(context.store, "product", idOf(price.product))?.name ?? "subscription";
}
