import http from 'k6/http'
import { sleep } from 'k6'
// 6 000 sensors, one reading each ten minutes, all of them on the minute: ten per second and a hundred in the first second
export const options = {
  scenarios: {
    sensors: { executor: 'constant-arrival-rate', rate: 20, timeUnit: '1s', duration: '30m', preAllocatedVUs: 100, exec: 'sensor' },
    keepers: { executor: 'ramping-vus', stages: [{ duration: '3m', target: 200 }, { duration: '20m', target: 200 }, { duration: '3m', target: 0 }], exec: 'keeper' },
  },
  thresholds: { http_req_failed: ['rate<0.01'], http_req_duration: ['p(95)<400', 'p(99)<900'] },
}
const base = 'https://staging.hivewatch.example'
export function sensor () { const n = Math.floor(Math.random() * 6000); http.post(`${base}/api/v1/readings`, JSON.stringify({ grams: 30000 + Math.floor(Math.random() * 9000), celsius: 20 + Math.random() * 15 }), { headers: { 'x-serial': `LOAD${n}`, authorization: `Bearer ${__ENV.KEY}`, 'content-type': 'application/json' } }) }
export function keeper () { http.get(base); sleep(4 + Math.random() * 20); http.get(`${base}/privacy`); sleep(10 + Math.random() * 30) }
