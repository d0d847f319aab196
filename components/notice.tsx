import { CircleAlert, CircleCheck, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { classNames } from "./class-names";

export type NoticeTone = "neutral" | "good" | "warning" | "danger";

const TONES = {
  neutral: { style: "bg-sunken text-ink", icon: "text-muted", Icon: Info },
  good: { style: "bg-accent-soft text-ink", icon: "text-accent", Icon: CircleCheck },
  warning: { style: "bg-warning-soft text-ink", icon: "text-warning", Icon: TriangleAlert },
  danger: { style: "bg-danger-soft text-ink", icon: "text-danger", Icon: CircleAlert },
};

/** Something the reader has to know, in its place on the page. `role` makes it announced when it appears. */
export function Notice({ tone = "neutral", title, role, className, children }: NoticeProps) {
  const { style, icon, Icon } = TONES[tone];
  return (
    <div
      role={role}
      className={classNames("flex gap-3 rounded-control px-4 py-3 text-left", style, className)}
    >
      <Icon aria-hidden className={classNames("mt-0.5 size-5 shrink-0", icon)} />
      <div className="min-w-0 flex-1">
        {title ? <p className="font-semibold">{title}</p> : null}
        {children}
      </div>
    </div>
  );
}

type NoticeProps = {
  tone?: NoticeTone;
  title?: string;
  role?: "status" | "alert";
  className?: string;
  children: ReactNode;
};
