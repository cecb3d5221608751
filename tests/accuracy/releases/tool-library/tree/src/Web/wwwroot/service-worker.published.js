self.importScripts('./service-worker-assets.js');
const cacheName = `offline-${self.assetsManifest.version}`;
self.addEventListener('install', e => e.waitUntil(caches.open(cacheName).then(c => c.addAll(self.assetsManifest.assets.map(a => a.url)))));
self.addEventListener('activate', e => e.waitUntil(caches.keys().then(all => Promise.all(all.filter(k => k !== cacheName).map(k => caches.delete(k))))));
self.addEventListener('fetch', e => { if (e.request.method === 'GET' && !e.request.url.includes('/api/')) e.respondWith(caches.match(e.request.mode === 'navigate' ? 'index.html' : e.request).then(r => r ?? fetch(e.request))); });
