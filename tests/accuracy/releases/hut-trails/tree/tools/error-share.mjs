// the share of failed invocations of one version in the last two minutes
const q = `{ viewer { accounts(filter: { accountTag: "${process.env.ACCOUNT}" }) { workersInvocationsAdaptive(limit: 100, filter: { scriptVersion: "${process.argv[2]}", datetime_geq: "${new Date(Date.now() - 120_000).toISOString()}" }) { sum { requests errors } } } } }`;
const r = await fetch('https://api.cloudflare.example/client/v4/graphql', { method: 'POST', signal: AbortSignal.timeout(10_000), headers: { authorization: `Bearer ${process.env.CLOUDFLARE_API_TOKEN}` }, body: JSON.stringify({ query: q }) });
const rows = (await r.json()).data.viewer.accounts[0].workersInvocationsAdaptive;
const sum = rows.reduce((a, x) => ({ n: a.n + x.sum.requests, e: a.e + x.sum.errors }), { n: 0, e: 0 });
console.log(sum.n ? sum.e / sum.n : 0);
