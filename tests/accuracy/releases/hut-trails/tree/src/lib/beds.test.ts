import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import { z } from 'zod';

vi.mock('next/headers', () => ({ headers: async () => new Headers({ 'x-request-id': 'r' }) }));
beforeAll(() => { process.env.BEDS = 'http://beds.invalid'; });
afterEach(() => { vi.unstubAllGlobals(); vi.resetModules(); });

test('tries a read three times', async () => {
  const fetch = vi.fn().mockRejectedValueOnce(new Error('x')).mockRejectedValueOnce(new Error('x')).mockResolvedValue(new Response('[]'));
  vi.stubGlobal('fetch', fetch);
  const { beds } = await import('./beds');
  expect(await beds('/huts', z.array(z.unknown()))).toEqual([]);
  expect(fetch).toHaveBeenCalledTimes(3);
});

test('breaks after five failures', async () => {
  const fetch = vi.fn().mockRejectedValue(new Error('x'));
  vi.stubGlobal('fetch', fetch);
  const { Away, beds } = await import('./beds');
  for (let i = 0; i < 5; i++) await expect(beds('/b', z.null(), { method: 'POST' })).rejects.toThrow('x');
  await expect(beds('/b', z.null(), { method: 'POST' })).rejects.toBeInstanceOf(Away);
  expect(fetch).toHaveBeenCalledTimes(5);
});
