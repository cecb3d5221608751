"""Judges whether a front end stays usable without a network (section 3.4)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestrator import BOTH, Code, Draft, Example, Manifests, Signal, check, each, examined, failed, passed, unsure

from ._web import front_ends

_APP = {
    "web/package.json": '{"name": "shop", "dependencies": {"react": "^19"}, "scripts": {"build": "vite build"}}\n',
    "web/src/App.jsx": "export default () => <main />;\n",
}
_GONE = {"web/src/index.jsx": "serviceWorkerRegistration.unregister();\nrender(<App />);\n"}

WORKER = Signal(
    id="performance.service-worker",
    pattern=(
        r"serviceWorker\??\.register\(|registerSW\(|ServiceWorkerModule\.register|provideServiceWorker\(|"
        r"serviceWorkerRegistration\.register\(|"
        r"VitePWA\(|withPWA\(|@serwist/next|registerServiceWorker\(\)|virtual:pwa-register"
    ),
)  # fmt: skip
STRATEGY = Signal(
    id="performance.service-worker-cache",
    pattern=(
        r"precacheAndRoute\(|caches\.open\(|\bNetworkFirst\(|\bStaleWhileRevalidate\(|\bCacheFirst\(|"
        r"\"assetGroups\"|globPatterns|VitePWA\(|"
        r"withPWA\(|\bnew Serwist\(|\bprecacheEntries\b|\bcache\.addAll\(|\bruntimeCaching\b|"
        r"<ServiceWorkerAssetsManifest>|service-worker-assets\.js"
    ),
    roles=("source", "config"),
)  # fmt: skip


OF_KIT = Signal(id="performance.service-worker-of-kit", pattern=r"['\"]\$service-worker['\"]")
_KIT = re.compile(r"(?:^|/)src/service-worker(?:/index)?\.[jt]s$")
"""The place at which SvelteKit takes a worker, which it registers by itself."""
PRIVATE = Signal(
    id="performance.registry-of-ones-own", pattern=r"^@[\w.-]{1,60}:registry\s?=", roles=("config", "source", "other")
)
TAKEN_AWAY = Signal(
    id="performance.service-worker-gone",
    pattern=r"selfDestroying\s?:\s?true|serviceWorker(?:Registration)?\.unregister\(|\.unregister\(\)|"
    r"serviceWorker:\s?\{.{0,40}\bregister:\s?false",
)


@check(
    "PRF-3.4.7",
    shows=BOTH,
    reads=[WORKER, STRATEGY, TAKEN_AWAY, PRIVATE, OF_KIT],
    clean=[Example("registered, with a cache", {
        "web/src/main.js": "navigator.serviceWorker.register('/sw.js');\n",
        "web/public/sw.js": "precacheAndRoute(self.__WB_MANIFEST);\n",
    }), Example("with Serwist", {
        "src/start.ts": "navigator.serviceWorker?.register('/sw.js');\n",
        "src/sw.ts": "new Serwist({ precacheEntries: self.__SW_MANIFEST, runtimeCaching: defaultCache });\n",
    }), Example("SvelteKit registers it", {
        "src/service-worker.ts": "import { build, files } from '$service-worker';\n"
        "addEventListener('install', e => e.waitUntil(cache.addAll([...build, ...files])));\n",
    }), Example("written by hand", {
        "web/src/main.js": "navigator.serviceWorker.register('/sw.js');\n",
        "web/public/sw.js": "self.addEventListener('install', e => e.waitUntil(cache.addAll(FILES)));\n",
    })],
    flagged=[
        Example("a front end without one", _APP),
        Example("taken away at the start", {**_APP, **_GONE}),
    ],
    silent=[Example("SvelteKit is told not to register it", {
        "src/service-worker.ts": "import { files } from '$service-worker';\n"
        "addEventListener('install', e => e.waitUntil(cache.addAll(files)));\n",
        "svelte.config.js": "export default { kit: { serviceWorker: { register: false } } };\n",
    }), Example("SvelteKit registers one that keeps nothing, beside another that does", {
        "src/service-worker.ts": "import { files } from '$service-worker';\nconsole.log(files);\n",
        "other/sw.js": "caches.open('a');\n",
    }), Example("registered, and removes itself", {
        "web/vite.config.js": "export default { plugins: [VitePWA({ selfDestroying: true, workbox: {} })] }\n",
    }), Example("registered, and nothing says what it keeps", {
        "web/src/main.js": "navigator.serviceWorker.register('/sw.js');\n",
    })],
)  # fmt: skip
def offline(code: Code, manifests: Manifests) -> Iterator[Draft]:
    """A service worker is registered, and it caches."""
    worker, strategy = code[WORKER], code[STRATEGY]
    kept = code[OF_KIT].places.under(_KIT.search)
    caching = strategy.places.under(lambda path: path in kept.files)
    fronts = front_ends(manifests)
    if (kept or (worker and strategy)) and code[TAKEN_AWAY]:
        gone = code[TAKEN_AWAY].places
        yield unsure("A service worker is there, and not registered or taken away again", gone, kept, worker.places)
    elif kept and caching:
        yield passed("SvelteKit registers the service worker, and it caches", kept, caching, confidence="medium")
    elif kept:
        yield unsure("SvelteKit registers the service worker; what it keeps is not to be seen", kept)
    elif worker and strategy:
        yield passed(
            "A service worker is registered and caches",
            worker.places,
            strategy.places,
            confidence="medium",
        )
    elif worker:
        yield unsure("A service worker is registered; what it keeps is not to be seen", worker.places)
    elif fronts and code[PRIVATE]:
        yield unsure("A service worker may come with packages of a registry of one's own", code[PRIVATE].places)
    elif fronts:
        yield failed(
            each(fronts).say("{none:front end} registers a service worker"),
            fronts[0][0].at(),
            examined(code.files("javascript", "typescript", "vue", "svelte"), "front-end source files"),
            confidence="medium",
        )
