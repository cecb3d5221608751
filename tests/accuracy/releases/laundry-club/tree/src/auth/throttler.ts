import { Injectable } from '@nestjs/common';
import { ThrottlerGuard } from '@nestjs/throttler';

@Injectable()
export class TenantThrottler extends ThrottlerGuard {
  protected override async getTracker(req: { tenant?: { sub: string }; ip: string }) {
    return req.tenant?.sub ?? req.ip;
  }
}
