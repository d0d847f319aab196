"use client";

import { Menu as Base } from "@base-ui/react/menu";
import { Check, type LucideIcon } from "lucide-react";
import Link from "next/link";
import type { ReactElement, ReactNode } from "react";
import { classNames } from "@/components/class-names";

/** A list of what can be done, behind a button. Arrow keys move, letters jump, Escape closes and returns the focus. */
export function Menu({ trigger, align = "end", children }: MenuProps) {
  return (
    <Base.Root modal={false}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner side="bottom" align={align} sideOffset={6} className="z-50 outline-none">
          <Base.Popup className="max-h-(--available-height) min-w-52 origin-(--transform-origin) overflow-y-auto rounded-card border border-line bg-raised p-1 shadow-overlay outline-none transition-[opacity,scale] duration-150 ease-enter data-ending-style:scale-[0.98] data-ending-style:opacity-0 data-starting-style:scale-[0.98] data-starting-style:opacity-0">
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

type MenuProps = {
  /** The button that opens it. */
  trigger: ReactElement;
  align?: "start" | "end";
  /** `MenuItem`, `MenuLink`, `MenuRadioGroup`, `MenuSeparator`. */
  children: ReactNode;
};

/** Does something. */
export function MenuItem({ icon, isDestructive, isDisabled, onSelect, children }: MenuItemProps) {
  return (
    <Base.Item
      disabled={isDisabled}
      onClick={onSelect}
      className={classNames(ITEM, isDestructive && "text-danger data-highlighted:bg-danger-soft")}
    >
      <Sign icon={icon} isDestructive={isDestructive} />
      {children}
    </Base.Item>
  );
}

type MenuItemProps = {
  icon?: LucideIcon;
  isDestructive?: boolean;
  isDisabled?: boolean;
  onSelect: () => void;
  children: ReactNode;
};

/** Leads somewhere. */
export function MenuLink({ href, icon, children }: { href: string; icon?: LucideIcon; children: ReactNode }) {
  return (
    <Base.LinkItem closeOnClick render={<Link href={href} />} className={ITEM}>
      <Sign icon={icon} />
      {children}
    </Base.LinkItem>
  );
}

/** One of a few, chosen without closing the menu. */
export function MenuRadioGroup({ label, value, options, onValueChange }: MenuRadioGroupProps) {
  return (
    <Base.RadioGroup value={value} onValueChange={(next: string) => onValueChange(next)}>
      <Base.GroupLabel className="px-2.5 pt-1.5 pb-1 text-fine text-muted">{label}</Base.GroupLabel>
      {options.map((option) => (
        <Base.RadioItem key={option.value} value={option.value} className={ITEM}>
          <Sign icon={option.icon} />
          <span className="flex-1">{option.label}</span>
          <Base.RadioItemIndicator>
            <Check aria-hidden className="size-4 text-accent" />
          </Base.RadioItemIndicator>
        </Base.RadioItem>
      ))}
    </Base.RadioGroup>
  );
}

type MenuRadioGroupProps = {
  label: string;
  value: string;
  options: { value: string; label: string; icon?: LucideIcon }[];
  onValueChange: (value: string) => void;
};

export function MenuSeparator() {
  return <Base.Separator className="-mx-1 my-1 h-px bg-line" />;
}

const ITEM =
  "flex min-h-9 cursor-pointer items-center gap-2.5 rounded-control px-2.5 py-1.5 outline-none select-none data-disabled:cursor-default data-disabled:opacity-50 data-highlighted:bg-sunken";

function Sign({ icon: Icon, isDestructive }: { icon?: LucideIcon; isDestructive?: boolean }) {
  return Icon ? (
    <Icon aria-hidden className={classNames("size-4 shrink-0", !isDestructive && "text-muted")} />
  ) : null;
}
