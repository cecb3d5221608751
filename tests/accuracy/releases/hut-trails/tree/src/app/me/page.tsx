import { redirect } from 'next/navigation';
import { z } from 'zod';
import { beds } from '@/lib/beds';
import { session } from '@/lib/session';

export const dynamic = 'force-dynamic';

export default async function Me() {
  const s = await session();
  if (!s.sub) redirect('/api/in');
  const mine = await beds(`/guests/${encodeURIComponent(s.sub)}/bookings`, z.array(z.object({ id: z.string(), hut: z.string(), day: z.string(), beds: z.number() })), { cache: 'no-store' });
  return (
    <main>
      <h1>Mine</h1>
      <ul>{mine.map((b) => <li key={b.id}>{b.hut}, {b.day}, {b.beds}</li>)}</ul>
      <a href="/api/me/data" download>Take my data along</a>
      <form action="/api/me/forget" method="post"><button>Forget me</button></form>
    </main>
  );
}
