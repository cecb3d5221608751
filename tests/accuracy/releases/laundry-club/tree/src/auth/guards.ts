import { type CanActivate, type ExecutionContext, ForbiddenException, Injectable, SetMetadata, UnauthorizedException } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { createRemoteJWKSet, jwtVerify } from 'jose';

export type Tenant = { sub: string; house: string; roles: string[]; amr?: string[] };
export const Open = () => SetMetadata('open', true);
export const Roles = (...roles: string[]) => SetMetadata('roles', roles);

@Injectable()
export class AuthGuard implements CanActivate {
  private readonly keys = createRemoteJWKSet(new URL(`${process.env.ISSUER}/protocol/openid-connect/certs`), { timeoutDuration: 3_000 });

  constructor(private readonly reflector: Reflector) {}

  async canActivate(context: ExecutionContext) {
    if (this.reflector.getAllAndOverride('open', [context.getHandler(), context.getClass()])) return true;
    const req = context.switchToHttp().getRequest();
    try {
      const { payload } = await jwtVerify(String(req.headers.authorization ?? '').replace(/^Bearer /, ''), this.keys, { issuer: process.env.ISSUER, audience: 'laundry' });
      req.tenant = payload as unknown as Tenant;
      return true;
    } catch {
      throw new UnauthorizedException();
    }
  }
}

/** Caretakers must have come in with a second factor. */
@Injectable()
export class RolesGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext) {
    const wanted = this.reflector.getAllAndOverride<string[]>('roles', [context.getHandler(), context.getClass()]);
    if (!wanted) return true;
    const tenant: Tenant | undefined = context.switchToHttp().getRequest().tenant;
    if (!tenant?.roles.some((r) => wanted.includes(r)) || !tenant.amr?.includes('otp')) throw new ForbiddenException();
    return true;
  }
}
