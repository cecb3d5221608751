import { NextResponse } from 'next/server';
import { revalidateTag } from 'next/cache';
import { z } from 'zod';
import { beds } from '@/lib/beds';
import { isOn } from '@/lib/flags';
import { log } from '@/lib/log';
import { session } from '@/lib/session';

const Wish = z.strictObject({ hut: z.string().regex(/^[a-z-]{3,40}$/), day: z.iso.date(), beds: z.int().min(1).max(8) });

export async function POST(request: Request) {
  const s = await session();
  if (!s.sub) return NextResponse.json({ error: 'who are you' }, { status: 401 });
  if (!(await isOn('booking', s.sub))) return NextResponse.json({ error: 'closed' }, { status: 503 });
  const wish = Wish.safeParse(await request.json().catch(() => null));
  if (!wish.success) return NextResponse.json({ error: z.flattenError(wish.error) }, { status: 400 });
  const made = await beds('/bookings', z.object({ id: z.string() }), { method: 'POST', body: JSON.stringify({ ...wish.data, guest: s.sub }) });
  revalidateTag(`hut-${wish.data.hut}`, 'max');
  log.info({ event: 'booked', hut: wish.data.hut, beds: wish.data.beds, user_id: s.sub, request_id: request.headers.get('x-request-id') }, 'beds booked');
  return NextResponse.json(made, { status: 201 });
}
