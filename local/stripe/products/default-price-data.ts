import { hash, type ParamsOf } from "@/local/stripe/http/params";
import { newPriceParams } from "@/local/stripe/prices/price-params";

const { tiers: _untiered, ...flatPriceParams } = newPriceParams;

/** The price that is made with a product and is its default: never a tiered one. */
export const defaultPriceDataParam = hash(flatPriceParams);

export type DefaultPriceData = ParamsOf<typeof flatPriceParams>;
