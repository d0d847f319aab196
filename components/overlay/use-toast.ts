"use client";

import { Toast } from "@base-ui/react/toast";

/** Says that something the reader did has been done, or has failed, without moving them. Read out, gone after 6 s. */
export function useToast(): (message: ToastMessage) => void {
  const { add } = Toast.useToastManager();
  return ({ title, text, tone = "good", action }) =>
    void add({
      title,
      description: text,
      type: tone,
      // What went wrong waits to be read.
      timeout: tone === "danger" ? 0 : 6_000,
      priority: tone === "danger" ? "high" : "low",
      actionProps: action && { children: action.label, onClick: action.onSelect },
    });
}

type ToastMessage = {
  title: string;
  text?: string;
  tone?: "good" | "danger";
  action?: { label: string; onSelect: () => void };
};
