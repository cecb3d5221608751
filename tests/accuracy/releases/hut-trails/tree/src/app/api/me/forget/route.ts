import { NextResponse } from 'next/server';
import { z } from 'zod';
import { beds } from '@/lib/beds';
import { session } from '@/lib/session';

export async function POST() {
  const s = await session();
  if (!s.sub) return NextResponse.json({}, { status: 401 });
  await beds(`/guests/${encodeURIComponent(s.sub)}`, z.null(), { method: 'DELETE' });
  s.destroy();
  return NextResponse.redirect(process.env.SITE!, 303);
}
