import { Socket } from 'phoenix'
import { LiveSocket } from 'phoenix_live_view'
// the chart is 90 kB and only some pages draw one
const Chart = { async mounted () { const { draw } = await import('./chart.js'); draw(this.el) } }
const token = document.querySelector("meta[name='csrf-token']").content
new LiveSocket('/live-socket', Socket, { params: { _csrf_token: token }, hooks: { Chart } }).connect()
