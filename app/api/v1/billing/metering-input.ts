import { z } from "zod";

/** One call uses at most this; beyond it somebody mistook the unit. */
const MAX_QUANTITY = 1_000_000_000;
const MAX_CREDITS_PER_UNIT = 1_000_000;
const MAX_RECORDS = 500;
const MAX_DETAILS = 20;

const wholeNumber = (min: 0 | 1, max: number) =>
  z
    .number("must be a number")
    .refine(Number.isInteger, { message: "must be a whole number", abort: true })
    .min(min, min === 0 ? "must not be less than zero" : "must be more than zero")
    .max(max, `must not exceed ${max}`)
    .meta({ override: { type: "integer" } });

/** Units of a use: there is no use of nothing. */
export const Quantity = wholeNumber(1, MAX_QUANTITY);
export const MeterKey = z.string("must be a text").min(1).max(100);

/** What is stored beside a use: a line of text, which every program and every database can hold. */
const ShortText = z
  .string("must be a text")
  .min(1, "must not be empty")
  .max(200, "must not be longer than 200 characters")
  .refine((text) => text.isWellFormed() && !/\p{Cc}/u.test(text), "must be one line of text");

export const UseInput = z.strictObject({
  meter: MeterKey,
  quantity: Quantity,
  user_id: z
    .uuid("must be the id of a user")
    .optional()
    .meta({ description: "With a platform key: the member of the customer who uses it, by our id." }),
});

export const BatchInput = z.strictObject({
  records: z
    .array(
      UseInput.extend({
        idempotency_key: z
          .string("must be a text")
          .regex(/^[\x21-\x7e]{1,200}$/, "must have 1 to 200 visible ASCII characters")
          .optional(),
      }),
    )
    .min(1, "must name one use at least")
    .max(MAX_RECORDS, `must not hold more than ${MAX_RECORDS}`),
  all_or_none: z
    .boolean("must be true or false")
    .default(false)
    .meta({ description: "One record that is refused refuses all." }),
});

export const ReservationInput = UseInput.extend({
  min_quantity: Quantity.optional().meta({
    description: "The fewest units worth having; as many as `quantity` unless it says otherwise.",
  }),
}).refine(({ quantity, min_quantity: least }) => least === undefined || least <= quantity, {
  path: ["min_quantity"],
  message: "must not be more than the quantity",
});

/** How high a level is to be, or by how much it changes. */
export const LevelInput = z.strictObject({ level: wholeNumber(0, MAX_QUANTITY) });
export const LevelDeltaInput = z.strictObject({
  delta: z
    .number("must be a number")
    .refine(Number.isInteger, { message: "must be a whole number", abort: true })
    .refine((delta) => delta !== 0, { message: "must not be zero", abort: true })
    .min(-MAX_QUANTITY, `must not be less than -${MAX_QUANTITY}`)
    .max(MAX_QUANTITY, `must not exceed ${MAX_QUANTITY}`)
    .meta({ override: { type: "integer" }, description: "Below zero it lowers the level." }),
});
export const LevelParams = z.strictObject({ meter: MeterKey });

/** What explains a use has members of its own, and may not be said twice. */
const OWN_MEMBERS = ["source", "model", "request_id", "price_version", "provider_cost_micros"];

const Details = z
  .record(
    z
      .string()
      .regex(/^[a-z][a-z0-9_]{0,39}$/, "must be lower-case words joined by underscores")
      .refine((name) => !OWN_MEMBERS.includes(name), "has a meaning of its own and is not among the details"),
    z.union([z.number(), z.boolean(), ShortText], "must be a number, true, false or a short text"),
  )
  .refine(
    (details) => Object.keys(details).length <= MAX_DETAILS,
    `must not have more than ${MAX_DETAILS} members`,
  );

export const CommitInput = z.strictObject({
  quantity: wholeNumber(0, MAX_QUANTITY).meta({ description: "Units really used; zero if none were." }),
  credits_per_unit: wholeNumber(0, MAX_CREDITS_PER_UNIT)
    .optional()
    .meta({ description: "Credits that a unit really cost; as reserved unless it says otherwise." }),
  source: z
    .enum(["provider", "counted", "estimated"])
    .default("counted")
    .meta({ description: "Who counted: the AI provider, you, or nobody exactly." }),
  model: ShortText.optional(),
  request_id: ShortText.optional(),
  details: Details.optional().meta({ description: "Numbers and short texts that explain the use." }),
});

export const ReservationParams = z.strictObject({ id: z.uuid("must be the id of a reservation") });

/** Postgres knows no year before the first. */
const FIRST_MOMENT = new Date("0001-01-01T00:00:00Z");

const Moment = z.iso
  .datetime({ offset: true, error: "must be a time as ISO 8601 has it" })
  .transform((time) => new Date(time))
  .refine((time) => time >= FIRST_MOMENT, "must be a time as ISO 8601 has it");

export const UsageFilters = z.strictObject({
  meter: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,99}$/, "must be the key of a meter")
    .optional(),
  user_id: z.uuid("must be the id of a user").optional(),
  from: Moment.optional().meta({ description: "From this time on." }),
  to: Moment.optional().meta({ description: "Before this time." }),
});

/** As the service takes them. */
export function usageFilter({ meter, user_id: userId, from, to }: z.infer<typeof UsageFilters>) {
  return { meter, userId, from, to };
}
