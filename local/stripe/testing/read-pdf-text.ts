/**
 * The text of a PDF of the lab's, a line for each piece that was set. They are uncompressed and use the standard fonts:
 * hexadecimal strings within `TJ` arrays, in Windows-1252.
 */
export function readPdfText(file: Buffer): string {
  const windows1252 = new TextDecoder("windows-1252");
  const arrays = file.toString("latin1").match(/\[(?:[^\]]*)\] TJ/g) ?? [];
  return arrays
    .map((array) =>
      [...array.matchAll(/<([0-9a-f]+)>/g)]
        .map(([, hex = ""]) => windows1252.decode(Buffer.from(hex, "hex")))
        .join(""),
    )
    .join("\n");
}

/** How many pages it has. */
export function countPdfPages(file: Buffer): number {
  return file.toString("latin1").match(/\/Type \/Page\n/g)?.length ?? 0;
}
