import type { ReactNode } from "react";
import { classNames } from "./class-names";
import { ScrollRegion } from "./scroll-region";

/** Rows of the same kind. Numbers stand at the end of their column; what is too wide scrolls inside its own frame. */
export function Table<Row>({
  caption,
  isCaptionHidden,
  columns,
  rows,
  rowKey,
  empty,
  className,
}: TableProps<Row>) {
  return (
    <ScrollRegion label={caption} className={className}>
      <table className="w-full border-collapse text-left">
        <caption className={isCaptionHidden ? "sr-only" : "pb-3 text-left text-small text-muted"}>
          {caption}
        </caption>
        <thead>
          <tr className="border-b border-border">
            {columns.map(({ key, label, align, isLabelHidden }) => (
              <th
                key={key}
                scope="col"
                className={classNames(
                  "px-3 py-2 text-small font-medium whitespace-nowrap text-muted first:pl-0 last:pr-0",
                  align === "end" && "text-right",
                )}
              >
                {isLabelHidden ? <span className="sr-only">{label}</span> : label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)} className="border-b border-line last:border-0">
              {columns.map((column) => (
                <Cell key={column.key} column={column} row={row} />
              ))}
            </tr>
          ))}
          {rows.length === 0 ? (
            <tr>
              <td colSpan={columns.length} className="py-8 text-center text-muted">
                {empty}
              </td>
            </tr>
          ) : null}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

function Cell<Row>({ column, row }: { column: Column<Row>; row: Row }) {
  const { align, isRowHeader, isWrapping, cell } = column;
  const style = classNames(
    "px-3 py-2.5 align-baseline first:pl-0 last:pr-0",
    align === "end" && "text-right",
    isWrapping ? "min-w-44" : "whitespace-nowrap",
  );
  return isRowHeader ? (
    <th scope="row" className={classNames(style, "font-medium")}>
      {cell(row)}
    </th>
  ) : (
    <td className={style}>{cell(row)}</td>
  );
}

export type Column<Row> = {
  key: string;
  label: string;
  /** The column's head is read out but not shown: for buttons. */
  isLabelHidden?: boolean;
  /** `end` for numbers and buttons. */
  align?: "end";
  /** The cell that names its row. */
  isRowHeader?: boolean;
  /** A long text may take several lines. */
  isWrapping?: boolean;
  cell: (row: Row) => ReactNode;
};

type TableProps<Row> = {
  /** What the rows are; also the name of the frame. */
  caption: string;
  /** Where a heading above says the same. */
  isCaptionHidden?: boolean;
  columns: Column<Row>[];
  rows: Row[];
  rowKey: (row: Row) => string;
  /** What stands there when there are no rows. */
  empty: ReactNode;
  className?: string;
};
