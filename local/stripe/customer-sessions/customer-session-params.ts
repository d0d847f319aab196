import { flag, hash, integer, listOf, oneOf, required, text } from "@/local/stripe/http/params";

const isEnabled = { enabled: required(flag()) };
const isOn = oneOf("disabled", "enabled");

export const customerSessionParams = {
  components: required(
    hash({
      buy_button: hash(isEnabled),
      payment_element: hash({
        ...isEnabled,
        features: hash({
          payment_method_allow_redisplay_filters: listOf(oneOf("always", "limited", "unspecified")),
          payment_method_redisplay: isOn,
          payment_method_redisplay_limit: integer({ min: 1, max: 10 }),
          payment_method_remove: isOn,
          payment_method_save: isOn,
          payment_method_save_usage: oneOf("off_session", "on_session"),
        }),
      }),
      pricing_table: hash(isEnabled),
    }),
  ),
  customer: required(text()),
};
