'use client';
export default function TrailMap({ hut }: { hut: string }) {
  return <iframe title="Trails" loading="lazy" src={`https://tiles.huts.example/map?hut=${hut}`} width={640} height={420} />;
}
