/** An element with its attributes and what is in it. What is undefined or false is left out. */
export function node(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false)
      element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children);
  return element;
}

/** A field with its label above and room for what is wrong below. */
export function labelledField(input, label) {
  const error = node("p", { class: "Error", id: `${input.id}Error`, role: "alert", hidden: true });
  const caption = node("label", { class: "Label", for: input.id }, label);
  return { box: node("div", { class: "Field" }, caption, input, error), caption, error };
}

/** Shows what is wrong with a field, or that nothing is. */
export function showFault(input, error, message) {
  if (error && error.textContent !== (message ?? "")) error.textContent = message ?? "";
  if (error) error.hidden = message === null;
  input.classList.toggle("Input--invalid", message !== null);
  if (message === null) input.removeAttribute("aria-invalid");
  else input.setAttribute("aria-invalid", "true");
  if (error && message !== null) input.setAttribute("aria-describedby", error.id);
  else input.removeAttribute("aria-describedby");
}
