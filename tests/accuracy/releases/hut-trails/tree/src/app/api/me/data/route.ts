import { NextResponse } from 'next/server';
import { z } from 'zod';
import { beds } from '@/lib/beds';
import { session } from '@/lib/session';

export async function GET() {
  const s = await session();
  if (!s.sub) return NextResponse.json({}, { status: 401 });
  return NextResponse.json(await beds(`/guests/${encodeURIComponent(s.sub)}`, z.unknown(), { cache: 'no-store' }), { headers: { 'content-disposition': 'attachment; filename="huts.json"' } });
}
