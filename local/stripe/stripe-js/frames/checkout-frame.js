import { linkToParent } from "./parent-link.js";

/** The page says of itself whether the checkout is through, and where its shop goes on. */
const { isComplete, returnUrl = null } = document.getElementById("embedded-checkout").dataset;

const { send } = linkToParent({
  open: () => {
    if (isComplete === "true") queueMicrotask(() => send("complete", { return_url: returnUrl }));
  },
});
