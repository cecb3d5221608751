import { CloudTasksClient } from '@google-cloud/tasks';
import { Injectable } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import axios from 'axios';
import axiosRetry, { exponentialDelay, isNetworkOrIdempotentRequestError } from 'axios-retry';
import CircuitBreaker from 'opossum';
import { PinoLogger } from 'nestjs-pino';
import type { Counter } from 'prom-client';
import { PrismaService } from '../prisma.service.js';

const http = axios.create({ baseURL: process.env.PAY_URL, timeout: 5_000, headers: { Authorization: `Bearer ${process.env.PAY_KEY}` } });
axiosRetry(http, { retries: 3, retryDelay: exponentialDelay, retryCondition: isNetworkOrIdempotentRequestError });

@Injectable()
export class PaymentsService {
  private readonly tasks = new CloudTasksClient();
  private readonly breaker = new CircuitBreaker((id: string, cents: number) => http.put(`/charges/${id}`, { cents }), { timeout: 20_000, errorThresholdPercentage: 50, resetTimeout: 30_000, volumeThreshold: 5 });

  constructor(private readonly db: PrismaService, private readonly log: PinoLogger, @InjectMetric('laundry_takings_cents_total') private readonly takings: Counter) {}

  async enqueue(booking: string, requestId: string) {
    await this.tasks.createTask({ parent: process.env.QUEUE, task: { name: `${process.env.QUEUE}/tasks/${booking}`, httpRequest: { httpMethod: 'POST', url: `${process.env.SELF}/v1/payments/charge`, headers: { 'content-type': 'application/json', 'x-request-id': requestId }, body: Buffer.from(JSON.stringify({ booking })).toString('base64'), oidcToken: { serviceAccountEmail: process.env.TASKS_ACCOUNT } } } }, { timeout: 5_000 });
  }

  async charge(booking: string, attempt: number) {
    const { cents } = await this.db.booking.findUniqueOrThrow({ where: { id: booking } });
    try {
      await this.breaker.fire(booking, cents);
    } catch (error) {
      if (attempt >= 7) {
        await this.db.deadCharge.create({ data: { bookingId: booking, reason: String(error) } });
        this.log.error({ booking, err: error }, 'charge given up');
        return;
      }
      this.log.warn({ booking, attempt }, 'charge postponed');
      throw error;
    }
  }

  async settled(booking: string, cents: number) {
    await this.db.booking.update({ where: { id: booking }, data: { paidAt: new Date() } });
    this.takings.inc(cents);
  }
}
