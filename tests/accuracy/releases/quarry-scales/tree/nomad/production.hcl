datacenters = ["hall-a", "hall-b"]
issuer      = "https://id.quarries.example"
invoices    = "https://api.invoices.example"
domain      = "scales.quarries.example"
