import { defaultCache } from '@serwist/next/worker';
import { Serwist } from 'serwist';

declare const self: { __SW_MANIFEST: { url: string; revision: string | null }[] };
new Serwist({ precacheEntries: self.__SW_MANIFEST, skipWaiting: true, clientsClaim: true, navigationPreload: true, runtimeCaching: defaultCache, fallbacks: { entries: [{ url: '/offline', matcher: ({ request }) => request.destination === 'document' }] } }).addEventListeners();
