import * as Sentry from '@sentry/nextjs';
import { registerOTel } from '@vercel/otel';

export function register() {
  registerOTel({ serviceName: 'hut-trails', propagators: ['tracecontext'], traceSampler: 'parentbased_traceidratio' });
  Sentry.init({ dsn: process.env.NEXT_PUBLIC_SENTRY, sendDefaultPii: false, tracesSampleRate: 0.1, release: process.env.VERSION });
}

export const onRequestError = Sentry.captureRequestError;
