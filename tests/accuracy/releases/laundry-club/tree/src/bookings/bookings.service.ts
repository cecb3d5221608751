import { CACHE_MANAGER, type Cache } from '@nestjs/cache-manager';
import { ConflictException, Inject, Injectable, NotFoundException, ServiceUnavailableException } from '@nestjs/common';
import { Prisma } from '@prisma/client';
import { trace } from '@opentelemetry/api';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import type { Counter } from 'prom-client';
import type { Unleash } from 'unleash-client';
import { UNLEASH_CLIENT } from '@unleash/nestjs';
import { AuditService } from '../audit.service.js';
import type { Tenant } from '../auth/guards.js';
import { PaymentsService } from '../payments/payments.service.js';
import { PrismaService } from '../prisma.service.js';

const CENTS = { cold: 180, warm: 220, hot: 260 } as const;
const tracer = trace.getTracer('bookings');

@Injectable()
export class BookingsService {
  constructor(
    private readonly db: PrismaService,
    private readonly payments: PaymentsService,
    private readonly audit: AuditService,
    @Inject(CACHE_MANAGER) private readonly cache: Cache,
    @Inject(UNLEASH_CLIENT) private readonly flags: Unleash,
    @InjectMetric('laundry_washes_total') private readonly washes: Counter,
  ) {}

  /** Which hours of a house's day are taken. Asked all the time, kept for thirty seconds, dropped when somebody books. */
  day(house: string, day: string) {
    return this.cache.wrap(`day:${house}:${day}`, () =>
      this.db.booking.findMany({ where: { machine: { houseId: house }, day: new Date(day), cancelledAt: null }, select: { hour: true, machine: { select: { id: true, name: true } } }, orderBy: { hour: 'asc' } }));
  }

  mine(sub: string) {
    return this.db.booking.findMany({ where: { tenant: { sub } }, include: { machine: true }, orderBy: { day: 'desc' }, take: 50 });
  }

  async house(req: { tenant: Tenant; ip: string; id: string }, day: string) {
    await this.audit.record(req, 'bookings.read', `${req.tenant.house}/${day}`);
    return this.db.booking.findMany({ where: { machine: { houseId: req.tenant.house }, day: new Date(day) }, include: { tenant: { select: { name: true, door: true } }, machine: true } });
  }

  book(req: { tenant: Tenant; ip: string; id: string }, wish: { machine: string; day: string; hour: number; programme: keyof typeof CENTS }) {
    return tracer.startActiveSpan('book', async (span) => {
      try {
        if (!this.flags.isEnabled('booking', { userId: req.tenant.sub, properties: { house: req.tenant.house } }, true)) throw new ServiceUnavailableException('Booking is closed.');
        const machine = await this.db.machine.findFirst({ where: { id: wish.machine, houseId: req.tenant.house } });
        if (!machine) throw new NotFoundException();
        const booking = await this.db.$transaction(async (tx) => {
          const made = await tx.booking.create({ data: { machine: { connect: { id: machine.id } }, tenant: { connect: { sub: req.tenant.sub } }, day: new Date(wish.day), hour: wish.hour, cents: CENTS[wish.programme] } });
          await this.audit.record(req, 'booking.create', made.id, tx);
          return made;
        });
        await this.payments.enqueue(booking.id, req.id);
        await this.cache.del(`day:${req.tenant.house}:${wish.day}`);
        this.washes.inc({ house: req.tenant.house });
        return { id: booking.id };
      } catch (error) {
        if (error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002') throw new ConflictException('taken');
        throw error;
      } finally {
        span.end();
      }
    });
  }

  async cancel(req: { tenant: Tenant; ip: string; id: string }, id: string) {
    const { count } = await this.db.booking.updateMany({ where: { id, tenant: { sub: req.tenant.sub }, cancelledAt: null, day: { gt: new Date() } }, data: { cancelledAt: new Date() } });
    if (!count) throw new NotFoundException();
    await this.audit.record(req, 'booking.cancel', id);
  }
}
