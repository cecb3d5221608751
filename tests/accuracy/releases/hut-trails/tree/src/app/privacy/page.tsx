export default function Privacy() {
  return (
    <main>
      <h1>Privacy</h1>
      <p>September 2026. For a booking we pass name and mail address to the hut and forget them here. Your bookings and how to delete them: <a href="/me">Me</a>. Statistics only if you say yes; change it at the foot of each page. privacy@huts.example</p>
    </main>
  );
}
