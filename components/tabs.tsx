"use client";

import { Tabs as Base } from "@base-ui/react/tabs";
import type { ReactNode } from "react";

/** Views of the same thing, one at a time. What has an address of its own is a page and a link, not a tab. */
export function Tabs({ label, tabs, defaultValue = tabs[0]?.value }: TabsProps) {
  return (
    <Base.Root defaultValue={defaultValue}>
      <Base.List
        aria-label={label}
        activateOnFocus
        className="flex gap-1 overflow-x-auto border-b border-line"
      >
        {tabs.map((tab) => (
          <Base.Tab
            key={tab.value}
            value={tab.value}
            className="relative -mb-px min-h-10 cursor-pointer border-b-2 border-transparent px-3 whitespace-nowrap text-muted outline-offset-[-3px] transition-colors hover:text-ink data-active:border-accent data-active:font-medium data-active:text-ink"
          >
            {tab.label}
          </Base.Tab>
        ))}
      </Base.List>
      {tabs.map((tab) => (
        <Base.Panel key={tab.value} value={tab.value} className="pt-4">
          {tab.content}
        </Base.Panel>
      ))}
    </Base.Root>
  );
}

type TabsProps = {
  /** What the views are of. */
  label: string;
  tabs: { value: string; label: string; content: ReactNode }[];
  defaultValue?: string;
};
