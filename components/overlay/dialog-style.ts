export const DIALOG_BACKDROP =
  "fixed inset-0 z-40 min-h-dvh bg-scrim transition-opacity duration-200 data-ending-style:opacity-0 data-starting-style:opacity-0";

export const DIALOG_POPUP =
  "w-full rounded-card border border-line bg-raised text-left shadow-overlay outline-none transition-[opacity,translate,scale] duration-200 ease-enter data-ending-style:scale-[0.98] data-ending-style:opacity-0 data-starting-style:translate-y-2 data-starting-style:scale-[0.98] data-starting-style:opacity-0";
