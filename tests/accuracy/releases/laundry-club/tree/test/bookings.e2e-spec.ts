import request from 'supertest';
import { type Ground, ground, token } from './ground.js';

describe('bookings', () => {
  let g: Ground;
  beforeAll(async () => { g = await ground(); });
  afterAll(() => g.close());

  it.each(['/v1/bookings?day=2027-01-01', '/v1/bookings/mine', '/v1/me/data'])('%s wants a token', (path) => request(g.server).get(path).expect(401));
  it('keeps tenants from the caretaker list', () => request(g.server).get('/v1/bookings/house?day=2027-01-01').set('authorization', token('t1')).expect(403));
  it('keeps caretakers without second factor out', () => request(g.server).get('/v1/bookings/house?day=2027-01-01').set('authorization', token('c1', { roles: ['caretaker'], amr: ['pwd'] })).expect(403));
  it.each([{ hour: 5 }, { hour: 22 }, { hour: 'x' }, { programme: 'boil' }, { extra: 1 }])('refuses %j', (wrong) => request(g.server).post('/v1/bookings').set('authorization', token('t1')).send({ machine: g.machine, day: '2027-01-01', hour: 8, programme: 'warm', ...wrong }).expect(400));
  it('gives an hour to one', async () => {
    const wish = { machine: g.machine, day: '2027-01-02', hour: 8, programme: 'warm' };
    await request(g.server).post('/v1/bookings').set('authorization', token('t1')).send(wish).expect(201);
    await request(g.server).post('/v1/bookings').set('authorization', token('t2')).send(wish).expect(409);
  });
  it('answers 429 past ninety', async () => {
    const all = await Promise.all(Array.from({ length: 95 }, () => request(g.server).get('/v1/bookings/mine').set('authorization', token('t9'))));
    expect(all.some((r) => r.status === 429)).toBe(true);
  });
});
