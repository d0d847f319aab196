/**
 * A Chromium for the browser tests, installed if there is none.
 * @returns the path of its executable
 */
export function ensureBrowser(): Promise<string>;
