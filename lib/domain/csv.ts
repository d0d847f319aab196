/**
 * CSV as RFC 4180 has it: commas, lines ended by CR LF, quotes where they are needed. A text that a spreadsheet would
 * take for a formula gets an apostrophe before it, so that it is shown and not run.
 * https://owasp.org/www-community/attacks/CSV_Injection
 */
export type CsvCell = string | number | null;

/** Null = an empty cell. */
export function csvRow(cells: CsvCell[]): string {
  return `${cells.map(csvCell).join(",")}\r\n`;
}

function csvCell(cell: CsvCell): string {
  if (cell === null) return "";
  // A number is none of a stranger's words: -1 stays what it is.
  if (typeof cell === "number") return String(cell);
  const text = FORMULA.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The signs that begin a formula, in full width too, and what a spreadsheet drops before it looks for them. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;
