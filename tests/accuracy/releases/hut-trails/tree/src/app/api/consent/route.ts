import { cookies } from 'next/headers';
import { z } from 'zod';

export async function PUT(request: Request) {
  const said = z.strictObject({ stats: z.boolean() }).safeParse(await request.json().catch(() => null));
  if (!said.success) return new Response(null, { status: 400 });
  (await cookies()).set('stats', said.data.stats ? 'yes' : 'no', { secure: true, sameSite: 'lax', maxAge: 180 * 86_400 });
  return new Response(null, { status: 204 });
}
