import { Body, Controller, Delete, Get, HttpCode, Put, Req } from '@nestjs/common';
import { Cron } from '@nestjs/schedule';
import { IsBoolean, IsIn } from 'class-validator';
import { AuditService } from './audit.service.js';
import type { Tenant } from './auth/guards.js';
import { PrismaService } from './prisma.service.js';

class ConsentIn { @IsIn(['reminders', 'survey']) purpose!: string; @IsBoolean() given!: boolean; }
type Asked = { tenant: Tenant; ip: string; id: string };

@Controller('me')
export class MeController {
  constructor(private readonly db: PrismaService, private readonly audit: AuditService) {}

  @Get('data')
  async data(@Req() req: Asked) {
    await this.audit.record(req, 'me.export', req.tenant.sub);
    return this.db.tenant.findUnique({ where: { sub: req.tenant.sub }, include: { bookings: true, consents: true } });
  }

  @Put('consents')
  @HttpCode(204)
  async consent(@Req() req: Asked, @Body() { purpose, given }: ConsentIn) {
    await this.db.consent.create({ data: { purpose, given, tenant: { connect: { sub: req.tenant.sub } } } });
    await this.audit.record(req, given ? 'consent.give' : 'consent.withdraw', purpose);
  }

  @Delete()
  @HttpCode(204)
  async leave(@Req() req: Asked) {
    await this.db.tenant.update({ where: { sub: req.tenant.sub }, data: { leftAt: new Date() } });
    await this.audit.record(req, 'me.leave', req.tenant.sub);
  }

  /** Name and door go after thirty days; washes stay in the books without them. */
  @Cron('0 3 * * *')
  async forget() {
    const before = new Date(Date.now() - 30 * 86_400_000);
    const gone = await this.db.tenant.findMany({ where: { leftAt: { lt: before }, name: { not: '-' } }, select: { id: true } });
    for (const { id } of gone) {
      await this.db.$transaction([
        this.db.consent.deleteMany({ where: { tenantId: id } }),
        this.db.tenant.update({ where: { id }, data: { name: '-', door: '-', sub: `gone:${id}`, email: `${id}@invalid` } }),
      ]);
    }
  }
}
