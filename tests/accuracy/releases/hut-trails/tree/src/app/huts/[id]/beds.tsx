'use client';
import { useState } from 'react';

export function Beds({ hut }: { hut: string }) {
  const [said, setSaid] = useState('');
  async function book(form: FormData) {
    const answer = await fetch('/api/bookings', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ hut, day: form.get('day'), beds: Number(form.get('beds')) }) });
    setSaid(answer.ok ? 'Your beds are kept.' : answer.status === 409 ? 'Full.' : 'Please try again.');
  }
  return (
    <form action={book}>
      <input name="day" type="date" required />
      <input name="beds" type="number" min={1} max={8} defaultValue={1} />
      <button>Keep beds</button>
      <output>{said}</output>
    </form>
  );
}
