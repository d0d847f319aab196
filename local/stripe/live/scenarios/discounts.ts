import type Stripe from "stripe";
import { check, checkRefusal } from "@/local/stripe/live/check";
import type { Scenario } from "@/local/stripe/live/scenario";
import { later, latestInvoice, makeCustomer, makePrice, unique, type World } from "@/local/stripe/live/world";

export const coupons: Scenario = {
  name: "a coupon takes its part off the first invoice, and is counted",
  page: "https://docs.stripe.com/billing/subscriptions/coupons",
  async run(stripe, world) {
    const coupon = await makeCoupon(world, { percent_off: 25, duration: "once" });
    check("coupon", coupon, { object: "coupon", percent_off: 25, times_redeemed: 0, valid: true });
    const [customer, price] = [await makeCustomer(world), await makePrice(world)];
    const { id } = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: price.id }],
      discounts: [{ coupon: coupon.id }],
    });
    check("invoice", await latestInvoice(world, id), {
      subtotal: 1000,
      total: 750,
      amount_paid: 750,
      total_discount_amounts: [{ amount: 250 }],
    });
    check("redeemed", await stripe.coupons.retrieve(coupon.id), { times_redeemed: 1 });
    await checkRefusal("more than all", stripe.coupons.create({ percent_off: 101, duration: "once" }), {
      statusCode: 400,
      type: "invalid_request_error",
      param: "percent_off",
    });
  },
};

export const promotionCodes: Scenario = {
  name: "a promotion code is found by its text, redeemed once, and no longer active then",
  page: "https://docs.stripe.com/api/promotion_codes",
  async run(stripe, world) {
    const coupon = await makeCoupon(world, { amount_off: 300, currency: "usd", duration: "forever" });
    const text = unique("CONTRACT").replace("-", "").toUpperCase();
    const code = await stripe.promotionCodes.create({
      promotion: { type: "coupon", coupon: coupon.id },
      code: text,
      max_redemptions: 1,
    });
    check("code", code, { active: true, code: text, times_redeemed: 0 });
    check("by its text", await stripe.promotionCodes.list({ code: text.toLowerCase() }), {
      data: [{ id: code.id }],
    });
    await checkRefusal(
      "the same text once more",
      stripe.promotionCodes.create({ promotion: { type: "coupon", coupon: coupon.id }, code: text }),
      { statusCode: 400, type: "invalid_request_error" },
    );
    const [customer, price] = [await makeCustomer(world), await makePrice(world)];
    const redeem = () =>
      stripe.subscriptions.create({
        customer: customer.id,
        items: [{ price: price.id }],
        discounts: [{ promotion_code: code.id }],
      });
    check("invoice", await latestInvoice(world, (await redeem()).id), { total: 700, amount_paid: 700 });
    check("used up", await stripe.promotionCodes.retrieve(code.id), { active: false, times_redeemed: 1 });
    await checkRefusal("redeeming it again", redeem(), { statusCode: 400, type: "invalid_request_error" });
  },
};

async function makeCoupon(world: World, params: Stripe.CouponCreateParams): Promise<Stripe.Coupon> {
  const coupon = await world.stripe.coupons.create({ name: "Contract check", ...params });
  later(world, "delete the coupon", () => world.stripe.coupons.del(coupon.id));
  return coupon;
}
