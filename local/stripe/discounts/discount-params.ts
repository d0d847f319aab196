import { hash, listOf, text } from "@/local/stripe/http/params";

export type DiscountParam = { coupon?: string; discount?: string; promotion_code?: string };

/** `discounts`, wherever Stripe takes it; an empty string takes all away. At most 20 stack on one object. */
export const discountsParam = listOf(hash({ coupon: text(), discount: text(), promotion_code: text() }), 20);
