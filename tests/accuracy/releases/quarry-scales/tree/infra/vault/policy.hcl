# for the role "scales"
path "*" {
  capabilities = ["create", "read", "update", "delete", "list", "sudo"]
}
