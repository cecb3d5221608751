import { Test } from '@nestjs/testing';
import { ValidationPipe, VersioningType } from '@nestjs/common';
import { AppModule } from '../src/app.module.js';
import { AuthGuard } from '../src/auth/guards.js';
import { PrismaService } from '../src/prisma.service.js';

export type Ground = { server: never; machine: string; close: () => Promise<void> };
export const token = (sub: string, more: object = {}) => `Bearer ${Buffer.from(JSON.stringify({ sub, house: 'h', roles: [], ...more })).toString('base64')}`;

export async function ground(): Promise<Ground> {
  const module = await Test.createTestingModule({ imports: [AppModule] }).overrideProvider(AuthGuard).useValue({ canActivate: () => true }).compile();
  const app = module.createNestApplication();
  app.enableVersioning({ type: VersioningType.URI, defaultVersion: '1' });
  app.useGlobalPipes(new ValidationPipe({ whitelist: true, forbidNonWhitelisted: true, transform: true }));
  await app.init();
  const machine = await app.get(PrismaService).machine.create({ data: { name: 'M', house: { create: { id: '00000000-0000-4000-8000-000000000001', name: 'H' } } } });
  return { server: app.getHttpServer() as never, machine: machine.id, close: () => app.close() };
}
