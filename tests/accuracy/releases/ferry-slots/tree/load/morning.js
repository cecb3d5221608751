import http from 'k6/http';
import { check, sleep } from 'k6';

// 70 % look, 25 % book, 5 % gate, as in the logs of October; plates and sailings vary
export const options = {
  scenarios: {
    peak: { executor: 'ramping-vus', stages: [{ duration: '5m', target: 300 }, { duration: '20m', target: 300 }, { duration: '1m', target: 600 }, { duration: '10m', target: 600 }, { duration: '2m', target: 0 }] },
  },
  thresholds: { http_req_failed: ['rate<0.01'], http_req_duration: ['p(95)<400', 'p(99)<900'] },
};
const h = { headers: { Authorization: `Bearer ${__ENV.TOKEN}`, 'Content-Type': 'application/json' } };
export default function () {
  const sailings = http.get(`${__ENV.BASE}/v1/sailings`, h).json();
  sleep(2 + Math.random() * 6);
  const s = sailings[Math.floor(Math.random() * sailings.length)];
  const d = Math.random();
  if (d < 0.25) check(http.post(`${__ENV.BASE}/v1/sailings/${s.id}/bookings`, JSON.stringify({ plate: `L${__VU}-${__ITER}`, metres: 8 + (__ITER % 12), driver: 'Load' }), h), { booked: (r) => r.status === 200 || r.status === 409 });
  else if (d < 0.3) http.get(`${__ENV.BASE}/v1/gate/L${__VU}-${__ITER - 1}`, h);
  sleep(1 + Math.random() * 4);
}
