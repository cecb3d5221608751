param environment string
param tags object
param origin string

resource waf 'Microsoft.Network/FrontDoorWebApplicationFirewallPolicies@2024-02-01' = {
  name: 'tools${environment}'
  location: 'global'
  tags: tags
  sku: { name: 'Premium_AzureFrontDoor' }
  properties: {
    policySettings: { enabledState: 'Enabled', mode: 'Prevention' }
    managedRules: { managedRuleSets: [{ ruleSetType: 'Microsoft_DefaultRuleSet', ruleSetVersion: '2.1', ruleSetAction: 'Block' }] }
    customRules: { rules: [{ name: 'flood', priority: 1, ruleType: 'RateLimitRule', rateLimitThreshold: 600, rateLimitDurationInMinutes: 1, action: 'Block', matchConditions: [{ matchVariable: 'RequestUri', operator: 'Contains', matchValue: ['/'] }] }] }
  }
}

resource profile 'Microsoft.Cdn/profiles@2024-09-01' = { name: 'tools-${environment}', location: 'global', tags: tags, sku: { name: 'Premium_AzureFrontDoor' } }
resource endpoint 'Microsoft.Cdn/profiles/afdEndpoints@2024-09-01' = { parent: profile, name: 'tools', location: 'global', tags: tags }
resource group 'Microsoft.Cdn/profiles/originGroups@2024-09-01' = {
  parent: profile
  name: 'api'
  properties: { healthProbeSettings: { probePath: '/ready', probeProtocol: 'Https', probeIntervalInSeconds: 30 }, loadBalancingSettings: { sampleSize: 4, successfulSamplesRequired: 3 } }
}
resource origins 'Microsoft.Cdn/profiles/originGroups/origins@2024-09-01' = { parent: group, name: 'api', properties: { hostName: origin, originHostHeader: origin, httpsPort: 443 } }
resource route 'Microsoft.Cdn/profiles/afdEndpoints/routes@2024-09-01' = {
  parent: endpoint
  name: 'all'
  properties: {
    originGroup: { id: group.id }
    httpsRedirect: 'Enabled'
    supportedProtocols: ['Http', 'Https']
    forwardingProtocol: 'HttpsOnly'
    patternsToMatch: ['/*']
    cacheConfiguration: { queryStringCachingBehavior: 'UseQueryString', compressionSettings: { isCompressionEnabled: true, contentTypesToCompress: ['text/html', 'text/css', 'application/javascript', 'application/wasm'] } }
  }
}
