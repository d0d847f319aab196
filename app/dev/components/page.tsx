import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { PageHeader } from "@/components/page-header";
import { envResult } from "@/lib/env";
import { Forms } from "./forms";
import { Overlays } from "./overlays";
import { Pressing } from "./pressing";
import { Showing } from "./showing";
import { specimenId } from "./specimen";

export const metadata: Metadata = { title: "Components", robots: { index: false } };

const INDEX = [
  { group: "Pressing", titles: ["Button", "Icon button", "Links"] },
  {
    group: "Forms",
    titles: ["Field", "Textarea", "Select", "Checkbox", "Switch", "Radio group", "Segmented control"],
  },
  { group: "Over the page", titles: ["Dialog", "Alert dialog", "Menu", "Tooltip", "Toast"] },
  {
    group: "Showing",
    titles: [
      "Notice",
      "Badge",
      "Table",
      "Meter",
      "Progress",
      "Figures",
      "Description list",
      "Tabs",
      "Code",
      "Breadcrumb",
      "Empty state",
      "Loading",
      "Card",
    ],
  },
];

/** Every component in every state, always the same, for whoever builds with them and for the test that photographs them. */
export default function ComponentsPage() {
  const result = envResult();
  if (!result.ok || !result.env.local) notFound();
  return (
    <>
      <PageHeader title="Components">
        <p>Every part of the product in every state. It exists in local mode only.</p>
      </PageHeader>
      <div className="gap-10 lg:flex">
        <nav
          aria-label="Components"
          className="mb-8 shrink-0 self-start max-lg:columns-2 sm:max-lg:columns-3 lg:sticky lg:top-6 lg:w-44"
        >
          {INDEX.map(({ group, titles }) => (
            <div key={group} className="mb-4 break-inside-avoid">
              <p className="text-fine text-muted">{group}</p>
              <ul>
                {titles.map((title) => (
                  <li key={title}>
                    <a
                      href={`#${specimenId(title)}`}
                      className="inline-flex min-h-6 items-center rounded-mark text-small hover:underline"
                    >
                      {title}
                    </a>
                  </li>
                ))}
              </ul>
            </div>
          ))}
        </nav>
        <div className="min-w-0 flex-1 space-y-5">
          <Pressing />
          <Forms />
          <Overlays />
          <Showing />
        </div>
      </div>
    </>
  );
}
