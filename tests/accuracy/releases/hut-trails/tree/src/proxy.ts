import { NextResponse, type NextRequest } from 'next/server';
import { getCloudflareContext } from '@opennextjs/cloudflare';

/** Every request gets an id; the API has a limit for each visitor; writes must come from our own pages. */
export async function proxy(request: NextRequest) {
  const given = request.headers.get('x-request-id') ?? '';
  const id = /^[\w-]{8,64}$/.test(given) ? given : crypto.randomUUID();
  if (request.nextUrl.pathname.startsWith('/api/')) {
    const who = request.cookies.get('huts')?.value.slice(-24) ?? request.headers.get('cf-connecting-ip') ?? 'nobody';
    const { success } = await getCloudflareContext().env.LIMIT.limit({ key: who });
    if (!success) return new NextResponse(null, { status: 429, headers: { 'retry-after': '30' } });
    if (request.method !== 'GET' && request.headers.get('origin') !== process.env.SITE) return new NextResponse(null, { status: 403 });
  }
  const headers = new Headers(request.headers);
  headers.set('x-request-id', id);
  const answer = NextResponse.next({ request: { headers } });
  answer.headers.set('x-request-id', id);
  return answer;
}

export const config = { matcher: ['/((?!_next/static|favicon.ico).*)'] };
