// The first evening of February: half look around, a third look at their lease, the rest join a list.
import http from 'k6/http';
import { check, sleep } from 'k6';

export const options = {
  stages: [
    { duration: '3m', target: 400 },
    { duration: '15m', target: 400 },
    { duration: '30s', target: 800 },
    { duration: '10m', target: 800 },
    { duration: '3m', target: 0 },
  ],
  thresholds: { http_req_duration: ['p(95)<500', 'p(99)<1000'], http_req_failed: ['rate<0.01'] },
};
const base = __ENV.BASE;
const pause = () => sleep(3 + Math.random() * 12);

function signIn() {
  const page = http.get(`${base}/sign-in/`);
  return page.submitForm({ fields: { username: `load${1 + (__VU % 500)}`, password: __ENV.E2E_WORD } });
}

export default function () {
  const dice = Math.random();
  check(http.get(`${base}/`), { gardens: (r) => r.status === 200 });
  pause();
  if (dice < 0.5) {
    for (let i = 0; i < 3; i++) { http.get(`${base}/gardens/${1 + Math.floor(Math.random() * 38)}/`); pause(); }
  } else {
    signIn(); pause();
    if (dice < 0.83) check(http.get(`${base}/me/`), { me: (r) => r.status === 200 });
    else check(http.get(`${base}/gardens/${1 + Math.floor(Math.random() * 38)}/`).submitForm({}), { wish: (r) => r.status === 200 });
  }
  pause();
}
