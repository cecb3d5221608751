import * as oidc from 'openid-client';
import { NextResponse } from 'next/server';
import { session } from '@/lib/session';

/** Code flow with PKCE, state and nonce. */
export async function GET() {
  const s = await session();
  const config = await oidc.discovery(new URL(process.env.ISSUER!), 'hut-trails', process.env.CLIENT_SECRET);
  s.verifier = oidc.randomPKCECodeVerifier();
  s.state = oidc.randomState();
  s.nonce = oidc.randomNonce();
  await s.save();
  return NextResponse.redirect(oidc.buildAuthorizationUrl(config, { redirect_uri: `${process.env.SITE}/api/in/back`, scope: 'openid profile', code_challenge: await oidc.calculatePKCECodeChallenge(s.verifier), code_challenge_method: 'S256', state: s.state, nonce: s.nonce }));
}
