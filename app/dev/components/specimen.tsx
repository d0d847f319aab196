import type { ReactNode } from "react";
import { Card } from "@/components/card";

/** One component with all its states, under an anchor of its own. */
export function Specimen({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Card id={specimenId(title)} title={title} className="scroll-mt-20">
      <div className="space-y-5">{children}</div>
    </Card>
  );
}

/** A row of states, with the word they have in common. */
export function Variants({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div>
      <p className="mb-2 text-fine text-muted">{label}</p>
      <div className="flex flex-wrap items-center gap-3">{children}</div>
    </div>
  );
}

export function specimenId(title: string): string {
  return title.toLowerCase().replaceAll(/[^a-z]+/g, "-");
}
