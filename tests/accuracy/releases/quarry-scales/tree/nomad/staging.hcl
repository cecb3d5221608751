datacenters = ["hall-a"]
issuer      = "https://id.staging.quarries.example"
invoices    = "https://sandbox.invoices.example"
domain      = "scales.staging.quarries.example"
