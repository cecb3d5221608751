import type { Metadata } from 'next';
import Link from 'next/link';
import Script from 'next/script';
import { Consent } from './consent';
import './globals.css';

export const metadata: Metadata = { title: 'Huts and trails', manifest: '/manifest.webmanifest' };

export default function Layout({ children }: { children: React.ReactNode }) {
  return (
    <html lang="en">
      <body>
        {children}
        <footer><Link href="/privacy">Privacy</Link></footer>
        <Consent />
        <Script src="https://stats.huts.example/count.js" strategy="afterInteractive" data-cookies="on" />
        <Script id="sw">{`navigator.serviceWorker?.register('/sw.js')`}</Script>
      </body>
    </html>
  );
}
