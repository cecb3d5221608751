using 'main.bicep'
param environment = 'staging'
param tag = 'none'
param sqlTier = 'GP_Gen5_2'
param photoStorage = az.getSecret('sub-staging', 'tools-staging', 'tools-staging', 'photos')
