import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient } from '@prisma/client';

/** Six connections for an instance; eight instances at most, so 48 of the 100 of the database. */
@Injectable()
export class PrismaService extends PrismaClient implements OnModuleDestroy {
  constructor() {
    super({ adapter: new PrismaPg({ connectionString: process.env.DATABASE_URL, max: 6, connectionTimeoutMillis: 3_000, statement_timeout: 5_000, idleTimeoutMillis: 60_000 }), transactionOptions: { timeout: 8_000 } });
  }

  async onModuleDestroy() {
    await this.$disconnect();
  }
}
