import { defineConfig, devices } from '@playwright/test';

export default defineConfig({
  testDir: 'e2e',
  retries: 1,
  use: { baseURL: process.env.BASE ?? 'http://localhost:8787', trace: 'retain-on-failure' },
  projects: [{ name: 'desktop', use: devices['Desktop Chrome'] }, { name: 'phone', use: devices['Pixel 7'] }],
  webServer: process.env.BASE ? undefined : { command: 'pnpm preview', url: 'http://localhost:8787/api/alive', timeout: 180_000 },
});
