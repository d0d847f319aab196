import { LoaderCircle } from "lucide-react";
import { classNames } from "./class-names";

/** Something is under way. A decoration: what is under way stands beside it in words, or as `aria-busy`. */
export function Spinner({ className = "size-5" }: { className?: string }) {
  return <LoaderCircle aria-hidden className={classNames("shrink-0 animate-spin", className)} />;
}
