import { expect, test, vi } from 'vitest';
import { bucket, isOn } from './flags';

const get = vi.fn();
vi.mock('@opennextjs/cloudflare', () => ({ getCloudflareContext: () => ({ env: { FLAGS: { get } } }) }));

test('is off when KV is away', async () => { get.mockRejectedValue(new Error('away')); expect(await isOn('booking')).toBe(false); });
test('is off when nothing is said', async () => { get.mockResolvedValue(null); expect(await isOn('booking')).toBe(false); });
test('knows its people', async () => { get.mockResolvedValue({ on: true, share: 0, people: ['ann'] }); expect([await isOn('booking', 'ann'), await isOn('booking', 'bob')]).toEqual([true, false]); });
test('reaches about a tenth', () => { const n = Array.from({ length: 5000 }, (_, i) => bucket(`snow-map${i}`) < 10).filter(Boolean).length; expect(n / 5000).toBeGreaterThan(0.07); expect(n / 5000).toBeLessThan(0.13); });
