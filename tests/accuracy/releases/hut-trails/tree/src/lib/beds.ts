import { SpanStatusCode, trace } from '@opentelemetry/api';
import { headers } from 'next/headers';
import { z } from 'zod';
import { log } from './log';

export const Hut = z.object({ id: z.string(), name: z.string(), metres: z.number(), about: z.string(), beds: z.number(), picture: z.string() });
export const Night = z.object({ day: z.iso.date(), free: z.number().int() });
const tracer = trace.getTracer('beds');
let failures = 0;
let openUntil = 0;

export class Away extends Error {}

/** Two and a half seconds, three tries with doubled waits, and a break of twenty seconds after five failures in a row. */
export async function beds<T>(path: string, shape: z.ZodType<T>, init: RequestInit & { next?: { revalidate?: number; tags?: string[] } } = {}): Promise<T> {
  if (Date.now() < openUntil) throw new Away();
  return tracer.startActiveSpan(`beds ${path.split('/')[1]}`, async (span) => {
    const id = (await headers()).get('x-request-id') ?? '';
    const tries = init.method && init.method !== 'PUT' ? 1 : 3;
    for (let n = 1; ; n++) {
      try {
        const answer = await fetch(process.env.BEDS + path, { ...init, signal: AbortSignal.timeout(2_500), headers: { ...init.headers, authorization: `Bearer ${process.env.BEDS_KEY}`, 'x-request-id': id } });
        if (answer.status >= 500) throw new Error(`beds ${answer.status}`);
        failures = 0;
        span.end();
        return shape.parse(answer.status === 204 ? null : await answer.json());
      } catch (error) {
        if (n < tries) { await new Promise((r) => setTimeout(r, 150 * 2 ** n + Math.random() * 100)); continue; }
        if (++failures >= 5) openUntil = Date.now() + 20_000;
        span.setStatus({ code: SpanStatusCode.ERROR });
        span.end();
        log.error({ err: error, request_id: id, path }, 'beds api failed');
        throw error;
      }
    }
  });
}
