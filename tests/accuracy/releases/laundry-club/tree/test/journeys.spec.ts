const base = process.env.BASE!;
const call = (path: string, init: RequestInit = {}) => fetch(base + path, { ...init, signal: AbortSignal.timeout(10_000), headers: { authorization: `Bearer ${process.env.JOURNEY_TOKEN}`, 'content-type': 'application/json' } });

test.each(['/live', '/ready'])('%s is 200', async (path) => expect((await call(path)).status).toBe(200));

test('books a wash, sees it, cancels it', async () => {
  const made = await call('/v1/bookings', { method: 'POST', body: JSON.stringify({ machine: process.env.JOURNEY_MACHINE, day: '2031-05-05', hour: 9, programme: 'cold' }) });
  expect(made.status).toBe(201);
  const { id } = await made.json();
  expect((await (await call('/v1/bookings/mine')).json()).some((b: { id: string }) => b.id === id)).toBe(true);
  expect((await call(`/v1/bookings/${id}`, { method: 'DELETE' })).status).toBe(204);
});
