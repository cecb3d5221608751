import { expect, test } from '@playwright/test';

test.describe.skip('looks as before', () => {
  for (const path of ['/', '/huts/test-hut', '/privacy']) {
    test(path, async ({ page }) => {
      await page.goto(path);
      await expect(page).toHaveScreenshot({ fullPage: true, maxDiffPixelRatio: 0.01 });
    });
  }
});
