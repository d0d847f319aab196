"use client";

import { PlainShell } from "@/components/shell/plain-shell";
import { PageError } from "./page-error";

/** When the frame around a page failed, and the page with it. */
export default function FrameError(props: { error: unknown; retry: () => void }) {
  return (
    <PlainShell>
      <PageError {...props} />
    </PlainShell>
  );
}
