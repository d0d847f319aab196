import { IntegrationError } from "./integration-error.js";

/** The place on the page that `mount()` was given, be it a node or a selector. @throws IntegrationError where there is none. */
export function findNode(target) {
  if (target instanceof HTMLElement) return target;
  if (typeof target !== "string" || target === "") {
    throw new IntegrationError(
      "Missing argument. Make sure to call mount() with a valid DOM element or selector.",
    );
  }
  const node = document.querySelector(target);
  if (node) return node;
  throw new IntegrationError(
    `The selector you specified (${target}) applies to no DOM elements that are currently on the page. Make sure the element exists on the page before calling mount().`,
  );
}
