import { fieldsOf, type SchemaNode, typeOfResource } from "./schemas";

/**
 * Whether a field holds an id, or ids, that may be expanded: the SDK's type has both the text and the object.
 * @param object what the nearest object around the field says it is, e.g. "invoice".
 * @param path the way from there, e.g. ["parent", "subscription_details", "subscription"].
 */
export function isExpandable(object: string, path: readonly string[]): boolean {
  const type = typeOfResource(object);
  let node: SchemaNode | null = type === null ? null : { type };
  for (const name of path) node = node && fieldOf(node, name);
  return node !== null && (holdsIdOrObject(node) || choicesOf(node).some(isListOfReferences));
}

function fieldOf(node: SchemaNode, name: string): SchemaNode | null {
  for (const choice of choicesOf(node)) {
    if (typeof choice !== "object") continue;
    if ("list" in choice) return fieldOf(choice.list, name);
    if ("type" in choice) {
      const field = fieldsOf(choice.type).get(name);
      if (field) return field.node;
    }
  }
  return null;
}

function isListOfReferences(node: SchemaNode): boolean {
  return typeof node === "object" && "list" in node && holdsIdOrObject(node.list);
}

function holdsIdOrObject(node: SchemaNode): boolean {
  const choices = choicesOf(node);
  return (
    choices.includes("string") &&
    choices.some(
      (choice) => typeof choice === "object" && "type" in choice && fieldsOf(choice.type).has("id"),
    )
  );
}

function choicesOf(node: SchemaNode): readonly SchemaNode[] {
  return typeof node === "object" && "anyOf" in node ? node.anyOf : [node];
}
