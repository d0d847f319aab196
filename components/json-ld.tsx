/** Data for search engines. It is no script: nothing in it runs, and the page's policy does not concern it. */
export function JsonLd({ data }: { data: object }) {
  // Without "<" no text in it can end the element.
  const json = JSON.stringify(data).replaceAll("<", "\\u003c");
  // biome-ignore lint/security/noDangerouslySetInnerHtml: the text of a script element is not escaped, so it is above
  return <script type="application/ld+json" dangerouslySetInnerHTML={{ __html: json }} />;
}
