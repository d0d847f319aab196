"use client";

import { type ReactNode, useEffect, useRef, useState } from "react";
import { classNames } from "./class-names";

/**
 * A frame that what is too wide scrolls inside, by finger and by arrow keys, so that the page itself never does.
 * It takes the focus only where there is something to scroll.
 */
export function ScrollRegion({ label, className, children }: ScrollRegionProps) {
  const frame = useRef<HTMLElement>(null);
  // Until measured it may scroll: without JavaScript, too, its end must be within reach.
  const [canScroll, setCanScroll] = useState(true);
  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setCanScroll(element.scrollWidth > element.clientWidth));
    observer.observe(element);
    if (element.firstElementChild) observer.observe(element.firstElementChild);
    return () => observer.disconnect();
  }, []);
  return (
    <section
      ref={frame}
      aria-label={label}
      tabIndex={canScroll ? 0 : undefined}
      className={classNames("fades-at-more relative overflow-x-auto", className)}
    >
      {children}
    </section>
  );
}

type ScrollRegionProps = { label: string; className?: string; children: ReactNode };
