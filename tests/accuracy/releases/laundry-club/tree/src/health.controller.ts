import { Controller, Get, VERSION_NEUTRAL } from '@nestjs/common';
import { HealthCheck, HealthCheckService, PrismaHealthIndicator } from '@nestjs/terminus';
import { SkipThrottle } from '@nestjs/throttler';
import { Open } from './auth/guards.js';
import { PrismaService } from './prisma.service.js';

@Open()
@SkipThrottle()
@Controller({ version: VERSION_NEUTRAL })
export class HealthController {
  constructor(private readonly health: HealthCheckService, private readonly prisma: PrismaHealthIndicator, private readonly db: PrismaService) {}

  @Get('live') live() { return { status: 'ok' }; }
  @Get('ready') @HealthCheck() ready() { return this.health.check([() => this.prisma.pingCheck('database', this.db, { timeout: 1_000 })]); }
}
