'use client';
import { useState } from 'react';

export function Consent() {
  const [asked, setAsked] = useState(() => typeof localStorage !== 'undefined' && localStorage.getItem('stats') !== null);
  const say = (yes: boolean) => { localStorage.setItem('stats', yes ? 'yes' : 'no'); setAsked(true); void fetch('/api/consent', { method: 'PUT', body: JSON.stringify({ stats: yes }) }); };
  if (asked) return <button onClick={() => { localStorage.removeItem('stats'); setAsked(false); }}>Statistics: change</button>;
  return (
    <dialog open>
      <p>May we count your visit, with a cookie?</p>
      <button onClick={() => say(true)}>Yes</button>
      <button onClick={() => say(false)}>No</button>
    </dialog>
  );
}
