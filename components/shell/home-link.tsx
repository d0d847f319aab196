import Link from "next/link";
import { ProductMark } from "./product-mark";

/** The product's mark and name, leading to the front page. Where there is no room for the name, it is read out only. */
export function HomeLink({ nameClassName }: { nameClassName?: string }) {
  return (
    <Link
      href="/"
      className="inline-flex min-h-9 items-center gap-2.5 rounded-control font-semibold tracking-tight"
    >
      <ProductMark />
      <span className={nameClassName}>Tollkeeper</span>
    </Link>
  );
}
