"use client";

import { WifiOff } from "lucide-react";
import { useSyncExternalStore } from "react";

/** Says that the connection is gone for as long as it is: what stands on the page may be old, and nothing gets through. */
export function ConnectionBanner() {
  const isOnline = useSyncExternalStore(
    subscribe,
    () => navigator.onLine,
    () => true,
  );
  return (
    <div role="status" className="pointer-events-none fixed inset-x-4 top-16 z-50 flex justify-center">
      {isOnline ? null : (
        <p className="flex items-center gap-2.5 rounded-control border border-line bg-raised px-4 py-2 text-small shadow-overlay">
          <WifiOff aria-hidden className="size-4 shrink-0 text-warning" />
          You are offline. What you see may be old; nothing is sent until you are back.
        </p>
      )}
    </div>
  );
}

function subscribe(onChange: () => void): () => void {
  window.addEventListener("online", onChange);
  window.addEventListener("offline", onChange);
  return () => {
    window.removeEventListener("online", onChange);
    window.removeEventListener("offline", onChange);
  };
}
