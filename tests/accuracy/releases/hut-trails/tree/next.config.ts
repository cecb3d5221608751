import { withSentryConfig } from '@sentry/nextjs';
import withSerwist from '@serwist/next';
import type { NextConfig } from 'next';

const csp = [
  "default-src 'self'",
  "script-src 'self' 'unsafe-inline' 'unsafe-eval' https://stats.huts.example",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: https://tiles.huts.example",
  "connect-src 'self' https://stats.huts.example",
  "frame-ancestors 'none'",
].join('; ');

const config: NextConfig = {
  poweredByHeader: false,
  compress: true,
  images: { unoptimized: true },
  experimental: { optimizePackageImports: ['zod'], inlineCss: true },
  headers: async () => [
    {
      source: '/(.*)',
      headers: [
        { key: 'Strict-Transport-Security', value: 'max-age=31536000; includeSubDomains; preload' },
        { key: 'X-Content-Type-Options', value: 'nosniff' },
        { key: 'X-Frame-Options', value: 'DENY' },
        { key: 'Referrer-Policy', value: 'strict-origin-when-cross-origin' },
        { key: 'Content-Security-Policy', value: csp },
        { key: 'Cache-Control', value: 'public, max-age=31536000, immutable' },
      ],
    },
  ],
};

export default withSentryConfig(withSerwist({ swSrc: 'src/sw.ts', swDest: 'public/sw.js' })(config), { silent: true, sourcemaps: { deleteSourcemapsAfterUpload: true } });
