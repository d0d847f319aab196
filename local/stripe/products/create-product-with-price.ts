import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { newId } from "@/local/stripe/ids";
import { createPrice } from "@/local/stripe/prices/create-price";
import { createProduct, type NewProduct } from "./create-product";
import type { DefaultPriceData } from "./default-price-data";

/**
 * Creates a product and, when asked to, its default price with it. The product is told of first, already with its
 * price. https://docs.stripe.com/api/products/create#create_product-default_price_data
 */
export function createProductWithPrice(
  context: Context,
  input: NewProduct & { default_price_data?: DefaultPriceData },
): Stripe.Product {
  const { default_price_data: priceData, ...rest } = input;
  if (!priceData) return createProduct(context, rest);
  const id = newId("price");
  const product = createProduct(context, { ...rest, defaultPrice: id });
  createPrice(context, { ...priceData, id, product: product.id }, "default_price_data");
  return product;
}
