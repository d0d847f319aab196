"use client";

import { ChevronDown, CreditCard, KeyRound, LogOut, ShieldCheck, SlidersHorizontal } from "lucide-react";
import { startTransition } from "react";
import { buttonStyle } from "@/components/button-style";
import { Menu, MenuItem, MenuLink, MenuRadioGroup, MenuSeparator } from "@/components/overlay/menu";
import { useToast } from "@/components/overlay/use-toast";
import { THEME_OPTIONS } from "@/components/theme/theme-options";
import { useTheme } from "@/components/theme/use-theme";
import { type FormAction, INITIAL_ACTION_STATE } from "@/lib/domain/action-state";
import { readTheme, type Theme } from "@/lib/domain/theme";

/** Who is signed in, for whom they act, and what concerns only them. */
export function AccountMenu({ account, theme: serverTheme, signOutAction }: AccountMenuProps) {
  const { customerName, email, isPlatformAdmin } = account;
  const [theme, chooseTheme] = useTheme(serverTheme);
  const toast = useToast();

  function signOut(): void {
    startTransition(async () => {
      const state = await signOutAction(INITIAL_ACTION_STATE, new FormData());
      if (!state.ok)
        toast({ title: "You are still signed in", text: state.message ?? undefined, tone: "danger" });
    });
  }

  return (
    <Menu
      trigger={
        <button type="button" className={buttonStyle("quiet", "small", "-mr-2 min-w-0 gap-2.5 px-2 py-1")}>
          <span className="sr-only">Account menu</span>
          <span
            aria-hidden
            className="grid size-7 shrink-0 place-items-center rounded-pill bg-accent-soft text-fine font-semibold text-accent"
          >
            {customerName.charAt(0).toUpperCase()}
          </span>
          <span className="min-w-0 text-left leading-tight max-sm:sr-only">
            <span className="block max-w-56 truncate">{customerName}</span>
            {customerName === email ? null : (
              <span className="block max-w-56 truncate text-fine font-normal text-muted">{email}</span>
            )}
          </span>
          <ChevronDown aria-hidden className="size-4 shrink-0 text-muted" />
        </button>
      }
    >
      <div className="max-w-72 px-2.5 pt-1.5 pb-2 sm:hidden">
        <p className="truncate font-medium">{customerName}</p>
        {customerName === email ? null : <p className="truncate text-small text-muted">{email}</p>}
      </div>
      <MenuLink href="/account/billing" icon={CreditCard}>
        Billing
      </MenuLink>
      <MenuLink href="/account/security" icon={ShieldCheck}>
        Security
      </MenuLink>
      <MenuLink href="/account/api-keys" icon={KeyRound}>
        API keys
      </MenuLink>
      {isPlatformAdmin ? (
        <MenuLink href="/setup" icon={SlidersHorizontal}>
          Platform set-up
        </MenuLink>
      ) : null}
      <MenuSeparator />
      <MenuRadioGroup
        label="Theme"
        value={theme}
        options={THEME_OPTIONS}
        onValueChange={(value) => chooseTheme(readTheme(value))}
      />
      <MenuSeparator />
      <MenuItem icon={LogOut} onSelect={signOut}>
        Sign out
      </MenuItem>
    </Menu>
  );
}

export type ShellAccount = { customerName: string; email: string; isPlatformAdmin: boolean };

type AccountMenuProps = { account: ShellAccount; theme: Theme; signOutAction: FormAction };
