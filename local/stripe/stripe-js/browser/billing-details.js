import { IntegrationError } from "./integration-error.js";

/** What the Elements of a group know about the payer, over what the caller says. */
export function billingDetailsOf(elements, payment, given, call) {
  const hidden = payment._options.fields?.billingDetails;
  const address = elements.getElement("address", { mode: "billing" })?._state.value ?? {};
  const typed = payment._state.value?.billingDetails?.address ?? {};
  for (const [option, name] of [
    ["country", "country"],
    ["postalCode", "postal_code"],
  ]) {
    const choice = hidden === "never" || hidden?.address === "never" ? "never" : hidden?.address?.[option];
    if (choice !== "never" || given?.address?.[name] !== undefined) continue;
    throw new IntegrationError(
      `You specified "never" for fields.billing_details.address.${name} when creating the payment Element, but did not pass ` +
        `confirmParams.payment_method_data.billing_details.address.${name} when calling stripe.${call}(). If you opt out of ` +
        `collecting data via the payment Element using the fields option, the data must be passed in when calling stripe.${call}().`,
    );
  }
  const details = {
    ...(address.name ? { name: address.name } : {}),
    ...(address.phone ? { phone: address.phone } : {}),
    ...given,
    address: {
      ...present({ country: typed.country, postal_code: typed.postalCode }),
      ...present(address.address ?? {}),
      ...given?.address,
    },
  };
  return Object.keys(details.address).length === 0 ? { ...details, address: undefined } : details;
}

/** Where the Address Element of a group says to send things. */
export function shippingOf(elements) {
  const { value } = elements.getElement("address", { mode: "shipping" })?._state ?? {};
  if (!value?.address) return undefined;
  return {
    name: value.name,
    ...(value.phone ? { phone: value.phone } : {}),
    address: present(value.address),
  };
}

function present(values) {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== null && value !== undefined && value !== ""),
  );
}
