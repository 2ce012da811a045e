// Brings the islands of a page to life. It is a file of ours, not an inline script, so the content policy needs no nonce.

import init, * as islands from "islands";
import wasm from "islands.wasm";

// The hydration runtime reads these; pages load their data before rendering, so they stay empty.
window.__RESOLVED_RESOURCES = [];
window.__SERIALIZED_ERRORS = [];
window.__INCOMPLETE_CHUNKS = [];

await init({ module_or_path: new URL(wasm, import.meta.url) });
islands.hydrate();
for (const island of document.querySelectorAll("leptos-island")) {
  const start = islands[island.dataset.component];
  if (start) await start(island);
  else console.error(`No island named ${island.dataset.component}`);
}
document.documentElement.dataset.islands = "ready";
