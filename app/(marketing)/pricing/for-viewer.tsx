import { type ReactNode, Suspense } from "react";

/**
 * A part of a page that depends on who is looking. The page does not wait for that: it is sent with what an anonymous
 * viewer gets, which works, and the viewer's own follows. `viewer` = null: nobody is signed in, and nothing follows.
 */
export function ForViewer<Viewer>({ viewer, children }: ForViewerProps<Viewer>) {
  if (!viewer) return children(null);
  return (
    <Suspense fallback={children(null)}>
      <Resolved viewer={viewer}>{children}</Resolved>
    </Suspense>
  );
}

type ForViewerProps<Viewer> = {
  viewer: Promise<Viewer | null> | null;
  children: (viewer: Viewer | null) => ReactNode;
};

async function Resolved<Viewer>({
  viewer,
  children,
}: {
  viewer: Promise<Viewer | null>;
  children: (viewer: Viewer | null) => ReactNode;
}) {
  return children(await viewer);
}
