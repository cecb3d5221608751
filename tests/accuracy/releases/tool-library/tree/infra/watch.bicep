param environment string
param tags object
param insights string
param api string
param sql string
param bus string

resource page 'Microsoft.Insights/actionGroups@2023-01-01' = { name: 'page-${environment}', location: 'global', tags: tags, properties: { groupShortName: 'page', enabled: true, webhookReceivers: [{ name: 'pager', serviceUri: 'https://events.pager.example/lending', useCommonAlertSchema: true }] } }
resource mail 'Microsoft.Insights/actionGroups@2023-01-01' = { name: 'mail-${environment}', location: 'global', tags: tags, properties: { groupShortName: 'mail', enabled: true, emailReceivers: [{ name: 'lending', emailAddress: 'lending@tools.example' }] } }

var rules = [
  { name: 'errors', severity: 1, action: page.id, text: 'More than 1 % of requests fail. docs/runbooks/errors.md', query: 'requests | summarize bad = 100.0 * countif(toint(resultCode) >= 500) / count(), n = count() | where n > 50 and bad > 1', window: 'PT5M', times: 2 }
  { name: 'slow', severity: 1, action: page.id, text: 'p95 over 500 ms, twice the usual 250 ms.', query: 'requests | summarize p = percentile(duration, 95) | where p > 500', window: 'PT10M', times: 2 }
  { name: 'no-database', severity: 0, action: page.id, text: 'SQL dependency fails. docs/runbooks/database.md', query: 'dependencies | where type == "SQL" and success == false | summarize n = count() | where n > 20', window: 'PT5M', times: 1 }
  { name: 'deposits-log', severity: 2, action: mail.id, text: 'Deposits are postponed again and again.', query: 'traces | where message startswith "Deposit postponed" | summarize n = count() | where n > 10', window: 'PT1H', times: 1 }
]

resource rule 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [for r in rules: {
  name: r.name
  location: resourceGroup().location
  tags: tags
  properties: {
    displayName: r.name, description: r.text, severity: r.severity, enabled: true, evaluationFrequency: 'PT5M', windowSize: r.window, scopes: [insights]
    criteria: { allOf: [{ query: r.query, timeAggregation: 'Count', operator: 'GreaterThan', threshold: 0, failingPeriods: { numberOfEvaluationPeriods: r.times, minFailingPeriodsToAlert: r.times } }] }
    actions: { actionGroups: [r.action] }
    autoMitigate: true
  }
}]

resource ping 'Microsoft.Insights/webtests@2022-06-15' = {
  name: 'ready'
  location: resourceGroup().location
  tags: union(tags, { 'hidden-link:${insights}': 'Resource' })
  properties: { SyntheticMonitorId: 'ready', Name: 'ready', Enabled: true, Frequency: 300, Timeout: 20, Kind: 'standard', Locations: [{ Id: 'emea-nl-ams-azr' }, { Id: 'emea-fr-pra-edge' }], Request: { RequestUrl: 'https://tools.example/ready' }, ValidationRules: { ExpectedHttpStatusCode: 200 } }
}
resource down 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: 'down'
  location: 'global'
  tags: tags
  properties: { description: 'The site does not answer.', severity: 0, enabled: true, scopes: [ping.id, insights], evaluationFrequency: 'PT1M', windowSize: 'PT5M', criteria: { 'odata.type': 'Microsoft.Azure.Monitor.WebtestLocationAvailabilityCriteria', webTestId: ping.id, componentId: insights, failedLocationCount: 2 }, actions: [{ actionGroupId: page.id }] }
}
resource dead 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: 'dead-deposits'
  location: 'global'
  tags: tags
  properties: { description: 'Deposits in the dead-letter queue. docs/runbooks/deposits.md', severity: 2, enabled: true, scopes: [bus], evaluationFrequency: 'PT5M', windowSize: 'PT5M', criteria: { 'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria', allOf: [{ name: 'dead', metricName: 'DeadletteredMessages', operator: 'GreaterThan', threshold: 0, timeAggregation: 'Maximum', criterionType: 'StaticThresholdCriterion' }] }, actions: [{ actionGroupId: mail.id }] }
}
resource odd 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: 'odd-traffic'
  location: 'global'
  tags: tags
  properties: { description: 'Requests leave their usual band.', severity: 3, enabled: true, scopes: [api], evaluationFrequency: 'PT5M', windowSize: 'PT15M', criteria: { 'odata.type': 'Microsoft.Azure.Monitor.MultipleResourceMultipleMetricCriteria', allOf: [{ name: 'requests', metricName: 'Requests', operator: 'GreaterOrLessThan', alertSensitivity: 'Medium', timeAggregation: 'Total', criterionType: 'DynamicThresholdCriterion', failingPeriods: { numberOfEvaluationPeriods: 4, minFailingPeriodsToAlert: 4 } }] }, actions: [{ actionGroupId: mail.id }] }
}

resource board 'Microsoft.Portal/dashboards@2022-12-01-preview' = {
  name: 'tools-${environment}'
  location: resourceGroup().location
  tags: tags
  properties: { lenses: [{ order: 0, parts: [
    { position: { x: 0, y: 0, colSpan: 6, rowSpan: 4 }, metadata: { type: 'Extension/HubsExtension/PartType/MonitorChartPart', settings: { content: { options: { chart: { title: 'requests, failures, p95', metrics: [{ resourceMetadata: { id: insights }, name: 'requests/count' }, { resourceMetadata: { id: insights }, name: 'requests/failed' }, { resourceMetadata: { id: insights }, name: 'requests/duration' }] } } } } } }
    { position: { x: 6, y: 0, colSpan: 6, rowSpan: 4 }, metadata: { type: 'Extension/HubsExtension/PartType/MonitorChartPart', settings: { content: { options: { chart: { title: 'replicas, cpu, memory, network', metrics: [{ resourceMetadata: { id: api }, name: 'Replicas' }, { resourceMetadata: { id: api }, name: 'UsageNanoCores' }, { resourceMetadata: { id: api }, name: 'WorkingSetBytes' }, { resourceMetadata: { id: api }, name: 'TxBytes' }] } } } } } }
    { position: { x: 0, y: 4, colSpan: 6, rowSpan: 4 }, metadata: { type: 'Extension/HubsExtension/PartType/MonitorChartPart', settings: { content: { options: { chart: { title: 'database', metrics: [{ resourceMetadata: { id: sql }, name: 'sessions_count' }, { resourceMetadata: { id: sql }, name: 'cpu_percent' }, { resourceMetadata: { id: sql }, name: 'storage_percent' }] } } } } } }
    { position: { x: 6, y: 4, colSpan: 6, rowSpan: 4 }, metadata: { type: 'Extension/HubsExtension/PartType/MonitorChartPart', settings: { content: { options: { chart: { title: 'lent, returned, deposits', metrics: [{ resourceMetadata: { id: insights }, name: 'tools.lent' }, { resourceMetadata: { id: insights }, name: 'tools.returned' }, { resourceMetadata: { id: insights }, name: 'deposits.eur' }] } } } } } }
  ] }] }
}

resource budget 'Microsoft.Consumption/budgets@2024-08-01' = {
  name: 'tools-${environment}'
  properties: { category: 'Cost', amount: 900, timeGrain: 'Monthly', timePeriod: { startDate: '2026-01-01' }, notifications: {
    half: { enabled: true, operator: 'GreaterThan', threshold: 50, contactEmails: ['lending@tools.example'] }
    most: { enabled: true, operator: 'GreaterThan', threshold: 80, contactEmails: ['lending@tools.example'] }
    all: { enabled: true, operator: 'GreaterThan', threshold: 100, contactEmails: ['lending@tools.example'] } } }
}
