// Kept by the browser for one thing only: to say in the community's own words that there is no connection. Nothing else
// is ever kept, so nobody sees yesterday's page for today's.
const NOTICE = '/offline';
const DAY = 86400000;

// As a guest sees it: it outlives the signing out of whoever was here.
const renew = async () => (await caches.open('notice')).add(new Request(NOTICE, { cache: 'reload', credentials: 'omit' }));
// The community's name, look and styles change while this file stays the same: the notice is fetched anew once a day.
const due = async () => {
  const kept = await caches.match(NOTICE);
  const age = Date.now() - Date.parse(kept?.headers.get('date') ?? '');
  if (!(age < DAY)) await renew();
};

self.addEventListener('install', (event) => event.waitUntil(renew().then(() => self.skipWaiting())));
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
self.addEventListener('fetch', (event) => {
  if (event.request.mode !== 'navigate') return;
  const answer = fetch(event.request);
  event.respondWith(answer.catch(async () => (await caches.match(NOTICE)) ?? Response.error()));
  event.waitUntil(answer.then(due).catch(() => {}));
});
