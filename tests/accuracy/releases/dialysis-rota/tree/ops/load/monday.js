import http from 'k6/http';
import { check, sleep, group } from 'k6';

// Monday 06:30 to 07:30: 14 centres plan their week. 60 % look at days, 30 % assign, 10 % open a patient.
export const options = {
  stages: [{ duration: '2m', target: 120 }, { duration: '15m', target: 120 }, { duration: '20s', target: 240 }, { duration: '8m', target: 240 }, { duration: '2m', target: 0 }],
  thresholds: { http_req_duration: ['p(95)<500', 'p(99)<1000'], http_req_failed: ['rate<0.01'] },
};
const params = { headers: { Authorization: `Bearer ${__ENV.PLANNER_TOKEN}`, 'Content-Type': 'application/json' } };
const base = 'https://rota.staging.care.example/api/v1';

export default function () {
  const centre = 1 + (__VU % 14);
  const day = `2027-0${1 + (__ITER % 9)}-1${__VU % 10}`;
  group('look', () => check(http.get(`${base}/rota?centre=${centre}&day=${day}`, params), { 'day is there': (r) => r.status === 200 }));
  sleep(4 + Math.random() * 10);
  const dice = Math.random();
  if (dice < 0.3) group('assign', () => http.post(`${base}/rota`, JSON.stringify({ patient: `00000000-0000-0000-0000-${String(__VU).padStart(12, '0')}`, centre, day, shift: 1 + (__ITER % 3), chair: 1 + (__VU % 30) }), params));
  else if (dice < 0.4) group('patient', () => http.get(`${base}/patients?centre=${centre}&page=${__ITER % 3}`, params));
  sleep(2 + Math.random() * 6);
}
