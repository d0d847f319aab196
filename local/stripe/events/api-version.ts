/** The API version whose shapes are served; the one the pinned SDK speaks. */
export const API_VERSION = "2026-10-28.endive";
