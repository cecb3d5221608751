param location string
param environment string
param sqlTier string
param tags object
param principal string
param logs string

resource server 'Microsoft.Sql/servers@2023-08-01' = {
  name: 'tools-${environment}'
  location: location
  tags: tags
  properties: {
    minimalTlsVersion: '1.2'
    publicNetworkAccess: 'Disabled'
    administrators: { azureADOnlyAuthentication: true, principalType: 'Group', login: 'tools-dba', sid: '00000000-0000-0000-0000-00000000dba0', administratorType: 'ActiveDirectory', tenantId: subscription().tenantId }
  }
}

resource db 'Microsoft.Sql/servers/databases@2023-08-01' = {
  parent: server
  name: 'library'
  location: location
  tags: tags
  sku: { name: sqlTier }
  properties: { zoneRedundant: true, requestedBackupStorageRedundancy: 'Geo', isLedgerOn: false }
}

resource encryption 'Microsoft.Sql/servers/databases/transparentDataEncryption@2023-08-01' = { parent: db, name: 'current', properties: { state: 'Enabled' } }
resource short 'Microsoft.Sql/servers/databases/backupShortTermRetentionPolicies@2023-08-01' = { parent: db, name: 'default', properties: { retentionDays: 35, diffBackupIntervalInHours: 12 } }
resource long 'Microsoft.Sql/servers/databases/backupLongTermRetentionPolicies@2023-08-01' = { parent: db, name: 'default', properties: { weeklyRetention: 'P12W', monthlyRetention: 'P12M' } }
resource tuning 'Microsoft.Sql/servers/databases/advisors@2014-04-01' = { parent: db, name: 'CreateIndex', properties: { autoExecuteStatus: 'Disabled' } }

resource queries 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: db
  name: 'all'
  properties: { workspaceId: logs, logs: [{ category: 'QueryStoreRuntimeStatistics', enabled: true }, { category: 'Errors', enabled: true }], metrics: [{ category: 'Basic', enabled: true }] }
}

resource redis 'Microsoft.Cache/redisEnterprise@2025-04-01' = { name: 'tools-${environment}', location: location, tags: tags, sku: { name: 'Balanced_B1' }, zones: ['1', '2', '3'], properties: { highAvailability: 'Enabled', minimumTlsVersion: '1.2' } }

resource bus 'Microsoft.ServiceBus/namespaces@2024-01-01' = { name: 'tools-${environment}', location: location, tags: tags, sku: { name: 'Standard' }, properties: { disableLocalAuth: true, minimumTlsVersion: '1.2' } }
resource deposits 'Microsoft.ServiceBus/namespaces/queues@2024-01-01' = { parent: bus, name: 'deposits', properties: { maxDeliveryCount: 6, lockDuration: 'PT1M', deadLetteringOnMessageExpiration: true, requiresDuplicateDetection: true } }

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' existing = { name: 'tools-${environment}' }
resource vaultLog 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = { scope: vault, name: 'audit', properties: { workspaceId: logs, logs: [{ category: 'AuditEvent', enabled: true }] } }

resource readSecrets 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: vault
  name: guid(vault.id, principal, 'secrets')
  properties: { principalId: principal, principalType: 'ServicePrincipal', roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4633458b-17de-408a-b874-0445c86b69e6') }
}
resource useQueue 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: deposits
  name: guid(deposits.id, principal, 'queue')
  properties: { principalId: principal, principalType: 'ServicePrincipal', roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '69a216fc-b8fb-44d8-bc22-1f3c2cd27a39') }
}

output sql string = db.id
output bus string = bus.id
