export default function Offline() { return <main><h1>No signal</h1><p>Trails that you have looked at are still here.</p></main>; }
