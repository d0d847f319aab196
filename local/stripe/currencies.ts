import type { FormValue } from "./http/decode-form";
import { optional, type Param } from "./http/params";
import { invalidRequest } from "./http/stripe-api-error";

/** What Stripe takes payments in, in the order its refusals list them. https://docs.stripe.com/currencies */
const SUPPORTED =
  `usd aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bhd bif bmd bnd bob brl bsd bwp byn bzd cad cdf chf clp
  cny cop crc cve czk djf dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gnf gtq gyd hkd hnl hrk htg huf idr ils inr
  isk jmd jod jpy kes kgs khr kmf krw kwd kyd kzt lak lbp lkr lrd lsl mad mdl mga mkd mmk mnt mop mro mur mvr mwk mxn
  myr mzn nad ngn nio nok npr nzd omr pab pen pgk php pkr pln pyg qar ron rsd rub rwf sar sbd scr sek sgd shp sle sll
  sos srd std szl thb tjs tnd top try ttd twd tzs uah ugx uyu uzs vnd vuv wst xaf xcd xcg xof xpf yer zar zmw`.split(
    /\s+/,
  );

const ZERO_DECIMAL = "bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf".split(" ");
const THREE_DECIMAL = "bhd jod kwd omr tnd".split(" ");

/**
 * How many digits of an amount stand behind the point. Two but for Stripe's lists; ISK and UGX have no coins but are
 * still given with two. https://docs.stripe.com/currencies#zero-decimal
 */
export function minorDigits(currency: string): 0 | 2 | 3 {
  if (ZERO_DECIMAL.includes(currency)) return 0;
  return THREE_DECIMAL.includes(currency) ? 3 : 2;
}

/** The largest amount: eight digits, twelve in IDR. https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts */
export function maxAmount(currency: string): number {
  return currency === "idr" ? 999_999_999_999 : 99_999_999;
}

/** A three-letter code in any case, given back in lowercase. */
export function currencyParam(): Param<string> {
  return optional((value, path) => {
    const currency = typeof value === "string" ? value.toLowerCase() : "";
    if (SUPPORTED.includes(currency)) return currency;
    throw unsupported(String(typeof value === "string" ? value : ""), path);
  });
}

/** A hash by currency, such as `currency_options`; its keys are in lowercase. */
export function byCurrency<T>(param: Param<T>): Param<Record<string, T>> {
  return optional((value: FormValue, path) => {
    if (value === "") return {};
    if (!(value instanceof Map)) throw invalidRequest("Invalid object", { param: path });
    const entries = [...value].map(([key, item]) => {
      const currency = key.toLowerCase();
      if (!SUPPORTED.includes(currency)) throw unsupported(key, path);
      if (currency !== key) {
        const message = `Currencies must be lowercase when used as keys in a map. Use \`${currency}\` instead of \`${key}\`.`;
        throw invalidRequest(message, { param: path });
      }
      return [currency, param.parse(item, `${path}[${key}]`)] as const;
    });
    return Object.fromEntries(entries);
  });
}

function unsupported(currency: string, param: string): Error {
  const message = `Invalid currency: ${currency.toLowerCase()}. Stripe currently supports these currencies: ${SUPPORTED.join(", ")}`;
  return invalidRequest(message, { param });
}
