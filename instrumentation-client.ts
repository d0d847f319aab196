/**
 * Runs in the browser before anything else of ours. The AI library checks answers with zod, which first tries whether
 * it may compile code: our policy refuses that, and the browser reports the refusal as a violation (V18). The setting
 * is zod's own; set here it costs the pages that never load zod nothing.
 */
(globalThis as { __zod_globalConfig?: { jitless: boolean } }).__zod_globalConfig = { jitless: true };
