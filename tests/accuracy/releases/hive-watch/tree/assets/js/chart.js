export const draw = el => {
  const points = JSON.parse(el.dataset.points)
  const top = Math.max(...points.map(p => Number(p.grams)))
  el.innerHTML = ''
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  points.forEach((p, i) => { const c = document.createElementNS(svg.namespaceURI, 'circle'); c.setAttribute('cx', i * 4); c.setAttribute('cy', 200 - 180 * p.grams / top); c.setAttribute('r', 2); svg.append(c) })
  el.append(svg)
}
