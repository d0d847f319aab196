"use client";

import { Toast } from "@base-ui/react/toast";
import { CircleAlert, CircleCheck, X } from "lucide-react";
import type { ReactNode } from "react";
import { buttonStyle } from "@/components/button-style";
import { IconButton } from "@/components/icon-button";

/** Makes `useToast` work below it, and shows what it says in the window's corner. Once, in the signed-in shell. */
export function ToastProvider({ children }: { children: ReactNode }) {
  return (
    <Toast.Provider>
      {children}
      <Toast.Portal>
        <Toast.Viewport className="fixed inset-x-4 bottom-4 z-50 flex flex-col gap-2 sm:left-auto sm:w-88">
          <Toasts />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}

function Toasts() {
  const { toasts } = Toast.useToastManager();
  return toasts.map((toast) => (
    <Toast.Root
      key={toast.id}
      toast={toast}
      swipeDirection={["right", "down"]}
      className="rounded-card border border-line bg-raised shadow-overlay transition-[opacity,translate] duration-200 ease-enter data-ending-style:translate-y-2 data-ending-style:opacity-0 data-limited:hidden data-starting-style:translate-y-2 data-starting-style:opacity-0"
    >
      <Toast.Content className="flex items-start gap-3 py-3 pr-2 pl-4">
        {toast.type === "danger" ? (
          <CircleAlert aria-hidden className="mt-0.5 size-5 shrink-0 text-danger" />
        ) : (
          <CircleCheck aria-hidden className="mt-0.5 size-5 shrink-0 text-accent" />
        )}
        <div className="min-w-0 flex-1">
          <Toast.Title render={<p />} className="font-medium" />
          <Toast.Description className="text-small text-muted" />
          {toast.actionProps ? <Toast.Action className={buttonStyle("secondary", "small", "mt-2")} /> : null}
        </div>
        <Toast.Close render={<IconButton label="Dismiss" icon={X} size="small" />} />
      </Toast.Content>
    </Toast.Root>
  ));
}
