import http from 'k6/http';
import { check, sleep } from 'k6';
// First of May, bookings open at noon: 70 % look at two or three huts, 30 % try to book
export const options = { stages: [{ duration: '1m', target: 600 }, { duration: '8m', target: 600 }, { duration: '15s', target: 1200 }, { duration: '5m', target: 1200 }, { duration: '1m', target: 0 }], thresholds: { http_req_failed: ['rate<0.01'], http_req_duration: ['p(95)<400', 'p(99)<900'] } };
const base = 'https://staging.huts.example';
const huts = ['test-hut', 'upper-hut', 'lake-hut', 'gap-hut', 'old-hut'];
export default function () {
  http.get(base); sleep(2 + Math.random() * 6);
  for (let i = 0; i < 2 + Math.floor(Math.random() * 2); i++) { check(http.get(`${base}/huts/${huts[Math.floor(Math.random() * 5)]}`), { hut: (r) => r.status === 200 }); sleep(3 + Math.random() * 9); }
  if (Math.random() < 0.3) http.post(`${base}/api/bookings`, JSON.stringify({ hut: huts[__VU % 5], day: '2030-07-01', beds: 2 }), { headers: { origin: base, cookie: __ENV.COOKIE, 'content-type': 'application/json' }, responseCallback: http.expectedStatuses(201, 401, 409) });
}
