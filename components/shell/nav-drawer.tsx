"use client";

import { Dialog } from "@base-ui/react/dialog";
import { Menu, X } from "lucide-react";
import { type ReactNode, useState } from "react";
import { IconButton } from "@/components/icon-button";
import { DIALOG_BACKDROP } from "@/components/overlay/dialog-style";
import { AppNav } from "./app-nav";

/** The navigation where there is no room beside the page: behind a button, over the page, gone once a link is followed. */
export function NavDrawer({ isPlatformAdmin, usage }: { isPlatformAdmin: boolean; usage: ReactNode }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <Dialog.Root open={isOpen} onOpenChange={(open) => setOpen(open)}>
      <Dialog.Trigger
        render={<IconButton label="Open navigation" icon={Menu} className="-ml-2.5 lg:hidden" />}
      />
      <Dialog.Portal>
        <Dialog.Backdrop className={DIALOG_BACKDROP} />
        <Dialog.Popup className="fixed inset-y-0 left-0 z-40 flex w-72 max-w-[85vw] flex-col overflow-y-auto border-r border-line bg-raised p-4 shadow-overlay outline-none transition-transform duration-200 ease-enter data-ending-style:-translate-x-full data-starting-style:-translate-x-full">
          <div className="mb-3 flex items-center justify-between">
            <Dialog.Title className="px-2.5 text-heading">Navigation</Dialog.Title>
            <Dialog.Close render={<IconButton label="Close navigation" icon={X} />} />
          </div>
          <AppNav isPlatformAdmin={isPlatformAdmin} onFollow={() => setOpen(false)} />
          {usage ? <div className="mt-6 border-t border-line px-2.5 pt-5">{usage}</div> : null}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
