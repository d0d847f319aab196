import { unstable_rethrow } from "next/navigation";
import type { Viewer } from "@/lib/auth/find-viewer";
import { envResult } from "@/lib/env";
import { getViewer } from "@/lib/http/viewer";

/**
 * Who is looking, for the frame around a page: it stands even where nothing else does, without its variables and
 * without a database. A frame guards nothing; every page asks for itself.
 */
export async function findShellViewer(): Promise<{ viewer: Viewer | null | "unknown"; isLocal: boolean }> {
  const result = envResult();
  if (!result.ok) return { viewer: "unknown", isLocal: false };
  try {
    return { viewer: await getViewer(), isLocal: result.env.local };
  } catch (error) {
    unstable_rethrow(error);
    // Whichever page needs the viewer meets the same error and shows it.
    return { viewer: "unknown", isLocal: result.env.local };
  }
}
