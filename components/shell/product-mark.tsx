/** The toll bar, lifted. Beside the name, so hidden from assistive technology. */
export function ProductMark() {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true" className="size-7">
      <rect width="32" height="32" rx="8" className="fill-accent" />
      <path d="M9 25V8.5M6.5 25h5" strokeWidth="2.5" strokeLinecap="round" className="stroke-on-accent" />
      <path d="M9 11.5 25 7" strokeWidth="3" strokeLinecap="round" className="stroke-on-accent opacity-70" />
    </svg>
  );
}
