// Keeps the gate's pages and their files: from the network while there is one, else as they were.
const KEPT = "madoguchi-gate";
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(clients.claim()));
self.addEventListener("fetch", (event) => {
  const { request } = event, url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin || url.pathname.endsWith(".json")) return;
  const kept = async () => await caches.match(request, { cacheName: KEPT, ignoreVary: true, ignoreSearch: true }) ?? Response.error();
  event.respondWith(fetch(request).catch(kept));
});
