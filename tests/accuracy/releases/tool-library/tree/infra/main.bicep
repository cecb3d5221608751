param location string = resourceGroup().location
param environment string
param tag string
param sqlTier string
@secure()
param photoStorage string
var tags = { service: 'tool-library', team: 'lending', environment: environment }

resource logs 'Microsoft.OperationalInsights/workspaces@2023-09-01' = {
  name: 'tools-${environment}'
  location: location
  tags: tags
  properties: { retentionInDays: 120, sku: { name: 'PerGB2018' }, workspaceCapping: { dailyQuotaGb: 5 } }
}

resource insights 'Microsoft.Insights/components@2020-02-02' = {
  name: 'tools'
  location: location
  tags: tags
  kind: 'web'
  properties: { Application_Type: 'web', WorkspaceResourceId: logs.id }
}

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = { name: 'tools-api', location: location, tags: tags }

resource env 'Microsoft.App/managedEnvironments@2025-01-01' = {
  name: 'tools-${environment}'
  location: location
  tags: tags
  properties: {
    zoneRedundant: true
    appLogsConfiguration: { destination: 'log-analytics', logAnalyticsConfiguration: { customerId: logs.properties.customerId, sharedKey: logs.listKeys().primarySharedKey } }
    vnetConfiguration: { infrastructureSubnetId: resourceId('Microsoft.Network/virtualNetworks/subnets', 'main', 'apps') }
  }
}

resource api 'Microsoft.App/containerApps@2025-01-01' = {
  name: 'api'
  location: location
  tags: tags
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${identity.id}': {} } }
  properties: {
    managedEnvironmentId: env.id
    configuration: {
      activeRevisionsMode: 'Multiple'
      maxInactiveRevisions: 10
      ingress: { external: true, targetPort: 8080, transport: 'http2', allowInsecure: false, traffic: [{ latestRevision: false, revisionName: 'api--current', weight: 100 }] }
      registries: [{ server: 'toollibrary.azurecr.example', identity: identity.id }]
    }
    template: {
      revisionSuffix: replace(tag, '.', '-')
      terminationGracePeriodSeconds: 40
      containers: [
        {
          name: 'api'
          image: 'toollibrary.azurecr.example/api:${tag}'
          resources: { cpu: json('0.5'), memory: '1Gi' }
          env: [
            { name: 'ASPNETCORE_ENVIRONMENT', value: environment }
            { name: 'KeyVault', value: vault.properties.vaultUri }
            { name: 'AppConfig', value: flags.properties.endpoint }
            { name: 'APPLICATIONINSIGHTS_CONNECTION_STRING', value: insights.properties.ConnectionString }
            { name: 'AZURE_CLIENT_ID', value: identity.properties.clientId }
            { name: 'PhotoStorage', value: photoStorage }
          ]
          probes: [
            { type: 'Liveness', httpGet: { path: '/alive', port: 8080 }, periodSeconds: 10, failureThreshold: 3 }
            { type: 'Readiness', httpGet: { path: '/ready', port: 8080 }, periodSeconds: 5, failureThreshold: 3, timeoutSeconds: 3 }
          ]
        }
      ]
      scale: {
        minReplicas: 2
        rules: [{ name: 'cpu', custom: { type: 'cpu', metadata: { type: 'Utilization', value: '60' } } }]
      }
    }
  }
}

module data 'data.bicep' = { name: 'data', params: { location: location, environment: environment, sqlTier: sqlTier, tags: tags, principal: identity.properties.principalId, logs: logs.id } }
module watch 'watch.bicep' = { name: 'watch', params: { environment: environment, tags: tags, insights: insights.id, api: api.id, sql: data.outputs.sql, bus: data.outputs.bus } }
module door 'door.bicep' = { name: 'door', params: { environment: environment, tags: tags, origin: api.properties.configuration.ingress.fqdn } }

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' existing = { name: 'tools-${environment}' }
resource flags 'Microsoft.AppConfiguration/configurationStores@2024-05-01' = { name: 'tools-${environment}', location: location, tags: tags, sku: { name: 'standard' }, properties: { disableLocalAuth: true } }
