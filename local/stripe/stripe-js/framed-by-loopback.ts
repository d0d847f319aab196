import type { Answer } from "@/local/stripe/http/answer";

/** Whose pages may show ours in a frame: those of this machine. */
const ANCESTORS =
  "http://localhost:* http://*.localhost:* http://127.0.0.1:* https://localhost:* https://*.localhost:* https://127.0.0.1:*";

/** Lets pages of this machine, and of no other, show the page in a frame. */
export function framedByLoopback(answer: Answer, options: { runsScripts?: boolean } = {}): Answer {
  const policy = answer.headers["Content-Security-Policy"];
  if (policy === undefined) return answer;
  const scripts = options.runsScripts ? "; script-src 'self'; connect-src 'self'" : "";
  const framed = `${policy.replace("frame-ancestors 'none'", `frame-ancestors ${ANCESTORS}`)}${scripts}`;
  return { ...answer, headers: { ...answer.headers, "Content-Security-Policy": framed } };
}
