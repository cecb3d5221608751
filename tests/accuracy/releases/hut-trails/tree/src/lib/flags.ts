import { getCloudflareContext } from '@opennextjs/cloudflare';

type Rule = { on: boolean; share?: number; people?: string[] };

/** Switches lie in KV, changed by `wrangler kv key put`, seen within a minute. What cannot be read is off. */
export async function isOn(name: 'booking' | 'snow-map', who = ''): Promise<boolean> {
  try {
    const rule = (await getCloudflareContext().env.FLAGS.get(name, { type: 'json', cacheTtl: 60 })) as Rule | null;
    if (!rule?.on) return false;
    if (rule.people?.includes(who)) return true;
    return rule.share === undefined || bucket(name + who) < rule.share;
  } catch {
    return false;
  }
}

export const bucket = (text: string) => [...text].reduce((h, c) => (h * 31 + c.charCodeAt(0)) >>> 0, 7) % 100;
