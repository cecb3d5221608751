import KeyvValkey from '@keyv/valkey';
import { CacheModule } from '@nestjs/cache-manager';
import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { ScheduleModule } from '@nestjs/schedule';
import { ThrottlerModule } from '@nestjs/throttler';
import { UnleashModule } from '@unleash/nestjs';
import { PrometheusModule } from '@willsoto/nestjs-prometheus';
import { randomUUID } from 'node:crypto';
import { LoggerModule } from 'nestjs-pino';
import { AuditService } from './audit.service.js';
import { AuthGuard, RolesGuard } from './auth/guards.js';
import { BookingsController } from './bookings/bookings.controller.js';
import { BookingsService } from './bookings/bookings.service.js';
import { HealthController } from './health.controller.js';
import { TenantThrottler } from './auth/throttler.js';
import { MeController } from './me.controller.js';
import { meters } from './meters.js';
import { PaymentsController } from './payments/payments.controller.js';
import { PaymentsService } from './payments/payments.service.js';
import { PrismaService } from './prisma.service.js';

@Module({
  imports: [
    LoggerModule.forRoot({
      pinoHttp: {
        level: process.env.LOG_LEVEL ?? 'info',
        genReqId: (req, res) => {
          const given = String(req.headers['x-request-id'] ?? '');
          const id = /^[\w-]{8,64}$/.test(given) ? given : randomUUID();
          res.setHeader('x-request-id', id);
          return id;
        },
        customProps: (req) => ({ userId: (req as { tenant?: { sub: string } }).tenant?.sub }),
        redact: ['req.headers.authorization', 'req.headers.cookie', '*.email', '*.phone', '*.iban', '*.token'],
        formatters: { level: (label) => ({ severity: label.toUpperCase() }) },
        autoLogging: { ignore: (req) => /^\/(live|ready|metrics)/.test(req.url ?? '') },
      },
    }),
    ThrottlerModule.forRoot([{ ttl: 60_000, limit: 90 }]),
    CacheModule.register({ isGlobal: true, stores: [new KeyvValkey(process.env.VALKEY_URL)], ttl: 30_000 }),
    ScheduleModule.forRoot(),
    PrometheusModule.register({ path: '/metrics' }),
    UnleashModule.forRoot({ url: process.env.UNLEASH_URL!, appName: 'laundry-club', customHeaders: { Authorization: process.env.UNLEASH_TOKEN! }, refreshInterval: 15_000 }),
  ],
  controllers: [BookingsController, PaymentsController, MeController, HealthController],
  providers: [
    PrismaService, BookingsService, PaymentsService, AuditService, ...meters,
    { provide: APP_GUARD, useClass: AuthGuard },
    { provide: APP_GUARD, useClass: TenantThrottler },
    { provide: APP_GUARD, useClass: RolesGuard },
  ],
})
export class AppModule {}
