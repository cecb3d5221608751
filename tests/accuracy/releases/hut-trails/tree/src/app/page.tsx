import Image from 'next/image';
import Link from 'next/link';
import { z } from 'zod';
import { Hut, beds } from '@/lib/beds';

export const revalidate = 600;

export default async function Home() {
  const huts = await beds('/huts', z.array(Hut), { next: { revalidate: 600, tags: ['huts'] } });
  return (
    <main>
      <h1>Huts</h1>
      <ul>{huts.map((h, i) => <li key={h.id}><Link href={`/huts/${h.id}`}>{h.name}, {h.metres} m</Link><Image src={`/pictures/${h.picture}.png`} alt="" width={320} height={200} loading={i < 3 ? 'eager' : 'lazy'} /></li>)}</ul>
    </main>
  );
}
