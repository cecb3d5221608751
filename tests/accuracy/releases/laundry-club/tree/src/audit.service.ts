import { Injectable } from '@nestjs/common';
import type { Prisma } from '@prisma/client';
import type { Tenant } from './auth/guards.js';
import { PrismaService } from './prisma.service.js';

@Injectable()
export class AuditService {
  constructor(private readonly db: PrismaService) {}

  record(req: { tenant: Tenant; ip: string; id: string }, what: string, on: string, tx: Prisma.TransactionClient = this.db) {
    return tx.audit.create({ data: { who: req.tenant.sub, what, on, ip: req.ip, requestId: String(req.id) } });
  }
}
