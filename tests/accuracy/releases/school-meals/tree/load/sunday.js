import http from 'k6/http'
import { check, sleep } from 'k6'
// Sunday 18:00: parents order five days for a child and a half, then look at the week
export const options = { stages: [{ duration: '2m', target: 250 }, { duration: '12m', target: 250 }, { duration: '20s', target: 500 }, { duration: '8m', target: 500 }, { duration: '1m', target: 0 }], thresholds: { http_req_failed: ['rate<0.01'], http_req_duration: ['p(95)<500', 'p(99)<1000'] } }
const h = { headers: { authorization: __ENV.E2E_TOKEN, 'content-type': 'application/json' } }
const dishes = ['meat', 'fish', 'vegetarian', 'vegan']
export default function () {
  const child = `00000000-0000-0000-0000-0000000${String(10000 + __VU).slice(-5)}`
  for (let d = 2; d < 7; d++) {
    const day = new Date(Date.now() + d * 864e5).toISOString().slice(0, 10)
    check(http.put(`https://api.test.meals.example/v1/children/${child}/days/${day}`, JSON.stringify({ dish: dishes[(__VU + d) % 4] }), h), { ordered: r => r.status === 200 })
    sleep(2 + Math.random() * 6)
  }
  http.get(`https://api.test.meals.example/v1/children/${child}/weeks/${new Date().toISOString().slice(0, 10)}`, h)
  sleep(5 + Math.random() * 20)
}
