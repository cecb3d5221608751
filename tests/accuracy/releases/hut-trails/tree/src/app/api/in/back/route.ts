import * as oidc from 'openid-client';
import { NextResponse, type NextRequest } from 'next/server';
import { session } from '@/lib/session';

export async function GET(request: NextRequest) {
  const s = await session();
  const config = await oidc.discovery(new URL(process.env.ISSUER!), 'hut-trails', process.env.CLIENT_SECRET);
  const tokens = await oidc.authorizationCodeGrant(config, new URL(request.nextUrl.search, `${process.env.SITE}/api/in/back`), { pkceCodeVerifier: s.verifier, expectedState: s.state, expectedNonce: s.nonce, idTokenExpected: true });
  const claims = tokens.claims()!;
  s.destroy();
  const fresh = await session();
  Object.assign(fresh, { sub: claims.sub, name: claims.name, token: tokens.access_token });
  await fresh.save();
  return NextResponse.redirect(`${process.env.SITE}/me`);
}
