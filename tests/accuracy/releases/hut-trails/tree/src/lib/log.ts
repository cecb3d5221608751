import pino from 'pino';

export const log = pino({
  level: process.env.LOG_LEVEL ?? 'info',
  base: { service: 'hut-trails', version: process.env.VERSION },
  formatters: { level: (label) => ({ level: label }) },
  redact: { paths: ['*.email', '*.name', '*.phone', '*.token', 'headers.cookie', 'headers.authorization'], censor: '-' },
});
