import type { Html } from "@/local/stripe/html";

/** One page of the dashboard, without its frame. */
export type Page = {
  title: string;
  body: Html;
  status?: number;
  /** Whether the browser is to load it again by itself: something is under way. */
  isUnderWay?: boolean;
};

/** What a page is asked with: the rest of the path, and the query. */
export type PageRequest = { id: string; query: URLSearchParams };
