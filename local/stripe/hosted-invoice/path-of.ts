/** The path of a link the API gave: the server may be reached under another address by now. */
export function pathOf(link: string): string {
  return new URL(link).pathname;
}
