import http from 'k6/http'
import { sleep, check } from 'k6'
// destash week, Sunday 20:00: 8 of 10 browse, 1 puts up, 1 offers
export const options = { stages: [{ duration: '2m', target: 150 }, { duration: '12m', target: 150 }, { duration: '30s', target: 300 }, { duration: '8m', target: 300 }, { duration: '1m', target: 0 }], thresholds: { http_req_failed: ['rate<0.01'], http_req_duration: ['p(95)<500', 'p(99)<1000'] } }
const B = __ENV.BASE
export default () => {
  check(http.get(B), { list: r => r.status === 200 }); sleep(3 + Math.random() * 9)
  const d = Math.random()
  for (let i = 0; i < 3; i++) { http.get(`${B}/listings/${1 + Math.floor(Math.random() * 4000)}`); sleep(2 + Math.random() * 8) }
  if (d > 0.8) {
    http.get(`${B}/session/new`).submitForm({ fields: { email_address: `load${__VU}@yarnswap.example`, password: __ENV.WORD } })
    if (d > 0.9) http.get(`${B}/listings/new`).submitForm({ fields: { 'listing[title]': `Load ${__ITER}`, 'listing[weight]': 'dk', 'listing[grams]': '100' } })
    else http.get(`${B}/listings/${1 + Math.floor(Math.random() * 4000)}`).submitForm({ fields: { 'offer[message]': 'load' } })
  }
}
