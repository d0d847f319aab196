import type Stripe from "stripe";
import type { World } from "./world";

/**
 * One promise of Stripe's documentation, told by calls and checked by their answers. It runs against the local Stripe and
 * against Stripe's test mode alike, so it uses test ids and test clocks and nothing of the lab, and takes nothing to be
 * empty: other objects may be there.
 */
export type Scenario = {
  name: string;
  /** The page it stands on. */
  page: string;
  run(stripe: Stripe, world: World): Promise<void>;
};
