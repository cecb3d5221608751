import { expect, test } from '@playwright/test';

test('finds a hut and its trails', async ({ page }) => {
  await page.goto('/');
  await page.getByRole('link', { name: /Test hut/ }).click();
  await expect(page.getByRole('heading', { name: 'Test hut' })).toBeVisible();
  await expect(page.locator('iframe[title=Trails]')).toBeAttached();
});

test('signs in, keeps beds, sees them', async ({ page }) => {
  await page.goto('/api/in');
  await page.fill('[name=user]', 'journey@huts.example');
  await page.fill('[name=password]', process.env.JOURNEY_WORD ?? '');
  await page.click('text=Sign in');
  await page.goto('/huts/test-hut');
  await page.fill('[name=day]', '2030-07-01');
  await page.click('text=Keep beds');
  await expect(page.getByText(/Your beds are kept|Full/)).toBeVisible();
  await page.goto('/me');
  await expect(page.getByText('test-hut, 2030-07-01')).toBeVisible();
});

test('health', async ({ request }) => { for (const p of ['/api/alive', '/api/ready']) expect((await request.get(p)).status()).toBe(200); });
test('strangers may not book', async ({ request }) => { expect((await request.post('/api/bookings', { headers: { origin: process.env.BASE ?? 'http://localhost:8787' }, data: {} })).status()).toBe(401); });
