import { CircleAlert, CircleCheck, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { classNames } from "./class-names";

export type NoticeTone = "neutral" | "good" | "warning" | "danger";

const TONES = {
  neutral: { style: "border-line bg-sunken", icon: "text-muted", Icon: Info },
  good: { style: "border-accent/20 bg-accent-soft", icon: "text-accent", Icon: CircleCheck },
  warning: { style: "border-warning/25 bg-warning-soft", icon: "text-warning", Icon: TriangleAlert },
  danger: { style: "border-danger/20 bg-danger-soft", icon: "text-danger", Icon: CircleAlert },
};

/**
 * Something the reader has to know, in its place on the page or, as a banner, above all of it. `role` makes it
 * announced when it appears: `status` in its turn, `alert` at once.
 */
export function Notice({ tone = "neutral", title, role, actions, className, children }: NoticeProps) {
  const { style, icon, Icon } = TONES[tone];
  return (
    <div
      role={role}
      className={classNames(
        "flex gap-3 rounded-control border px-4 py-3 text-left text-ink",
        style,
        className,
      )}
    >
      <Icon aria-hidden className={classNames("mt-0.5 size-5 shrink-0", icon)} />
      <div className="flex min-w-0 flex-1 flex-wrap items-center justify-between gap-x-4 gap-y-3">
        <div className="min-w-0">
          {title ? <p className="font-semibold">{title}</p> : null}
          {children}
        </div>
        {actions ? <div className="flex flex-wrap gap-2">{actions}</div> : null}
      </div>
    </div>
  );
}

type NoticeProps = {
  tone?: NoticeTone;
  title?: string;
  role?: "status" | "alert";
  /** The way on, as small buttons. */
  actions?: ReactNode;
  className?: string;
  children?: ReactNode;
};
