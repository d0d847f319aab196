import { classNames } from "./class-names";

/** Something is under way. A decoration: what is under way stands beside it in words, or as `aria-busy`. */
export function Spinner({ className = "size-5" }: { className?: string }) {
  // Drawn here and not taken from Lucide, whose machinery every page would bring along for its buttons.
  return (
    <svg
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
      aria-hidden="true"
      className={classNames("shrink-0 animate-spin", className)}
    >
      <path d="M21 12a9 9 0 1 1-6.219-8.56" />
    </svg>
  );
}
