import { getIronSession } from 'iron-session';
import { cookies } from 'next/headers';

export type Session = { sub?: string; name?: string; token?: string; state?: string; nonce?: string; verifier?: string };

export const session = async () =>
  getIronSession<Session>(await cookies(), {
    cookieName: 'huts',
    password: process.env.SESSION_KEY!,
    ttl: 8 * 3600,
    cookieOptions: { secure: true, httpOnly: false, sameSite: 'lax', path: '/' },
  });
