import { optional, type Param } from "./http/params";
import { invalidRequest } from "./http/stripe-api-error";

/** A percentage within the bounds, with up to four places. */
export function percent(bounds: { min: number; max: number }): Param<number> {
  return optional((value, path) => {
    if (typeof value !== "string" || !/^-?\d{1,9}(\.\d+)?$/.test(value)) {
      throw invalidRequest(`Invalid decimal: ${typeof value === "string" ? value : "hash"}`, { param: path });
    }
    const number = Number(value);
    const shown = Number.isInteger(number) ? `${number}.0` : String(number);
    if (number < bounds.min) {
      const message = `This value must be greater than or equal to ${bounds.min} (it currently is '${shown}').`;
      throw invalidRequest(message, { param: path });
    }
    if (number > bounds.max) {
      const message = `This value must be less than or equal to ${bounds.max} (it currently is '${shown}').`;
      throw invalidRequest(message, { param: path });
    }
    if ((value.split(".")[1]?.length ?? 0) > 4) {
      throw invalidRequest("A percentage can have at most 4 decimal places.", { param: path });
    }
    return number;
  });
}
