import { z } from 'zod';
import { beds } from '@/lib/beds';

export const dynamic = 'force-dynamic';
export async function GET() {
  try {
    await beds('/alive', z.unknown(), { cache: 'no-store' });
    return Response.json({ status: 'ok' });
  } catch {
    return Response.json({ status: 'unavailable' }, { status: 503 });
  }
}
