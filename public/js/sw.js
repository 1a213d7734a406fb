// Kept by the browser for one thing only: to say in the community's own words that there is no connection. Nothing else
// is ever kept, so nobody sees yesterday's page for today's.
const NOTICE = '/offline';

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open('notice').then((kept) => kept.add(new Request(NOTICE, { cache: 'reload' }))).then(() => self.skipWaiting()));
});
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
self.addEventListener('fetch', (event) => {
  if (event.request.mode !== 'navigate') return;
  event.respondWith(fetch(event.request).catch(async () => (await caches.match(NOTICE)) ?? Response.error()));
});
