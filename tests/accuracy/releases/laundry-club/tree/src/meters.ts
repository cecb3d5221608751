import { makeCounterProvider, makeHistogramProvider } from '@willsoto/nestjs-prometheus';

export const meters = [
  makeCounterProvider({ name: 'laundry_http_requests_total', help: 'Requests', labelNames: ['method', 'route', 'code'] }),
  makeHistogramProvider({ name: 'laundry_http_seconds', help: 'Time', labelNames: ['route'], buckets: [0.02, 0.05, 0.1, 0.2, 0.4, 0.8, 2, 5] }),
  makeCounterProvider({ name: 'laundry_washes_total', help: 'Washes booked', labelNames: ['house'] }),
  makeCounterProvider({ name: 'laundry_takings_cents_total', help: 'Takings' }),
];
