import dynamic from 'next/dynamic';
import { notFound } from 'next/navigation';
import { z } from 'zod';
import { Hut, beds } from '@/lib/beds';
import { Beds } from './beds';

const TrailMap = dynamic(() => import('./trail-map')); // 210 kB of map, only where there is one
export const revalidate = 600;
export const generateStaticParams = async () => (await beds('/huts', z.array(Hut))).map(({ id }) => ({ id }));

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  if (!/^[a-z-]{3,40}$/.test(id)) notFound();
  const hut = await beds(`/huts/${id}`, Hut, { next: { revalidate: 600, tags: [`hut-${id}`] } });
  return (
    <main>
      <h1>{hut.name}</h1>
      <div dangerouslySetInnerHTML={{ __html: hut.about }} />
      <Beds hut={id} />
      <TrailMap hut={id} />
    </main>
  );
}
