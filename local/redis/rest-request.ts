/** What a caller of the Upstash REST API asks for. */
export type RestRequest =
  | { kind: "command"; command: string[] }
  | { kind: "pipeline"; commands: string[][] }
  | { kind: "transaction"; commands: string[][] };

export type ParsedRestRequest = { ok: true; request: RestRequest } | { ok: false; error: string };

/**
 * Reads a request as https://upstash.com/docs/redis/features/restapi describes it: a command in the
 * path (`/set/key/value?EX=10`, a body is the last argument) or in the body (`["SET","key","value"]`),
 * several under `/pipeline` and, as one transaction, under `/multi-exec`.
 */
export function parseRestRequest(url: URL, body: string): ParsedRestRequest {
  const segments = readSegments(url.pathname);
  if (segments === null) return fail("ERR the path is not valid URL encoding");
  const [first, ...rest] = segments;
  if ((first === "pipeline" || first === "multi-exec") && rest.length === 0) {
    const commands = readCommands(body);
    if (commands === null)
      return fail("ERR failed to parse pipeline request: expected a JSON array of commands");
    return { ok: true, request: { kind: first === "pipeline" ? "pipeline" : "transaction", commands } };
  }
  if (first === undefined) {
    const command = readCommand(parseJson(body));
    if (command === null) return fail("ERR failed to parse command: expected a JSON array");
    return { ok: true, request: { kind: "command", command } };
  }
  return {
    ok: true,
    request: { kind: "command", command: [...segments, ...lastArgument(body), ...readOptions(url)] },
  };
}

function fail(error: string): ParsedRestRequest {
  return { ok: false, error };
}

function readSegments(pathname: string): string[] | null {
  try {
    return pathname
      .split("/")
      .slice(1)
      .filter((segment, index) => index > 0 || segment !== "")
      .map(decodeURIComponent);
  } catch {
    return null;
  }
}

function lastArgument(body: string): string[] {
  return body === "" ? [] : [body];
}

/** `?EX=100&NX` stands for the arguments `EX 100 NX`; `_token` is the key of the caller. */
function readOptions(url: URL): string[] {
  return [...url.searchParams]
    .filter(([name]) => name !== "_token")
    .flatMap(([name, value]) => (value === "" ? [name] : [name, value]));
}

function readCommands(body: string): string[][] | null {
  const json = parseJson(body);
  if (!Array.isArray(json)) return null;
  const commands: string[][] = [];
  for (const item of json) {
    const command = readCommand(item);
    if (command === null) return null;
    commands.push(command);
  }
  return commands;
}

function readCommand(json: unknown): string[] | null {
  if (!Array.isArray(json) || json.length === 0) return null;
  return json.map((argument) => (typeof argument === "string" ? argument : JSON.stringify(argument)));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
