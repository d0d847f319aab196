import PDFDocument from "pdfkit";
import { ACCOUNT_NAME } from "@/local/stripe/account/account-name";
import { pdfText } from "./pdf-text";

/** A document of lines and sums; amounts are written out already. */
export type PdfContent = {
  title: string;
  /** Unix seconds. The same content gives the same file. */
  createdAt: number;
  facts: [label: string, value: string | null][];
  headline: string;
  sections: PdfSection[];
  notes?: string[];
};

export type PdfSection = { title: string | null; rows: PdfRow[] };

export type PdfRow = { label: string; details?: string[]; amount: string; isStrong?: boolean };

const LEFT = 56;
const WIDTH = 483;
const LABEL_WIDTH = 350;
const TOP = 72;
const BOTTOM = 770;
const INK = "#111111";
const SOFT = "#555555";
const BANNER = "Local simulation of Stripe. No money moves.";

/** The document as a PDF file over as many A4 pages as it needs, each of which says that this is a simulation. */
export function writePdf(content: PdfContent): Promise<Buffer> {
  const document = new PDFDocument({
    size: "A4",
    margins: { top: TOP, bottom: 842 - BOTTOM, left: LEFT, right: 595 - LEFT - WIDTH },
    compress: false,
    bufferPages: true,
    lang: "en",
    displayTitle: true,
    info: { Title: content.title, Author: ACCOUNT_NAME, CreationDate: new Date(content.createdAt * 1000) },
  });
  const file = collect(document);
  document.fillColor(INK).fontSize(20).text(pdfText(content.title));
  document.fontSize(11).text(ACCOUNT_NAME).moveDown();
  for (const [label, value] of content.facts) {
    if (value !== null) document.text(pdfText(`${label}: ${value}`), { width: WIDTH });
  }
  document.moveDown().fontSize(14).text(pdfText(content.headline)).fontSize(11);
  for (const section of content.sections) writeSection(document, section);
  document.font("Helvetica").fillColor(SOFT).fontSize(9);
  for (const note of content.notes ?? [])
    document.moveDown().text(pdfText(note), LEFT, undefined, { width: WIDTH });
  numberPages(document, content.title);
  document.end();
  return file;
}

function writeSection(document: PDFKit.PDFDocument, { title, rows }: PdfSection): void {
  if (rows.length === 0) return;
  document.moveDown();
  if (title !== null) writeTitle(document, title, rows[0]);
  for (const row of rows) {
    if (!fits(document, heightOf(document, row))) {
      document.addPage();
      if (title !== null) writeTitle(document, `${title} (continued)`, row);
    }
    writeRow(document, row);
  }
}

/** A title never stands alone at the end of a page. */
function writeTitle(document: PDFKit.PDFDocument, title: string, next: PdfRow | undefined): void {
  if (!fits(document, 24 + (next ? heightOf(document, next) : 0))) document.addPage();
  document.font("Helvetica-Bold").fillColor(INK).fontSize(11);
  document.text(pdfText(title), LEFT, document.y, { width: WIDTH }).moveDown(0.5);
}

/** The amount first: a label that is longer than a page takes the rest of the document with it. */
function writeRow(document: PDFKit.PDFDocument, { label, details, amount, isStrong }: PdfRow): void {
  const top = document.y;
  document
    .font(isStrong ? "Helvetica-Bold" : "Helvetica")
    .fillColor(INK)
    .fontSize(11);
  document.text(pdfText(amount), LEFT, top, { width: WIDTH, align: "right" });
  document.text(pdfText(label), LEFT, top, { width: LABEL_WIDTH });
  document.fontSize(9).fillColor(SOFT);
  for (const detail of details ?? [])
    document.text(pdfText(detail), LEFT, document.y, { width: LABEL_WIDTH });
  document.fontSize(11).fillColor(INK);
  document.y += details && details.length > 0 ? 8 : 3;
}

function heightOf(document: PDFKit.PDFDocument, { label, details, isStrong }: PdfRow): number {
  const measure = (text: string, size: number) =>
    document.fontSize(size).heightOfString(pdfText(text), { width: LABEL_WIDTH });
  document.font(isStrong ? "Helvetica-Bold" : "Helvetica");
  const own = measure(label, 11);
  const more = (details ?? []).reduce((sum, detail) => sum + measure(detail, 9), 0);
  document.fontSize(11);
  return own + more;
}

/** A row that no page could hold is begun where it comes. */
function fits(document: PDFKit.PDFDocument, height: number): boolean {
  return document.y + height <= BOTTOM || height > BOTTOM - TOP;
}

/** Above and below every page, once it is known how many there are. */
function numberPages(document: PDFKit.PDFDocument, title: string): void {
  const { count } = document.bufferedPageRange();
  for (let index = 0; index < count; index += 1) {
    document.switchToPage(index);
    // Text below the lower margin would begin a new page.
    document.page.margins.bottom = 0;
    document.font("Helvetica").fontSize(9).fillColor("#8a5a00").text(BANNER, LEFT, 36, { lineBreak: false });
    document.fillColor(SOFT).text(pdfText(`${title} · page ${index + 1} of ${count}`), LEFT, 800, {
      width: WIDTH,
      align: "right",
      height: 12,
      ellipsis: true,
    });
  }
}

function collect(document: PDFKit.PDFDocument): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    document.on("data", (chunk: Buffer) => chunks.push(chunk));
    document.on("end", () => resolve(Buffer.concat(chunks)));
    document.on("error", reject);
  });
}
