resource "aws_secretsmanager_secret" "rota" {
  name       = "${terraform.workspace}/dialysis-rota"
  kms_key_id = aws_kms_key.rota.arn
}

resource "aws_secretsmanager_secret_rotation" "rota" {
  secret_id           = aws_secretsmanager_secret.rota.id
  rotation_lambda_arn = "arn:aws:lambda:eu-central-1:000000000001:function:rotate-postgres"
  rotation_rules { automatically_after_days = 30 }
}

data "aws_iam_policy_document" "rota" {
  statement {
    actions   = ["kafka-cluster:Connect", "kafka-cluster:ReadData", "kafka-cluster:WriteData", "kafka-cluster:DescribeTopic"]
    resources = ["arn:aws:kafka:eu-central-1:000000000001:cluster/care/*", "arn:aws:kafka:eu-central-1:000000000001:topic/care/*/pickups*"]
  }
}

resource "aws_iam_role" "rota" {
  name = "rota"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRoleWithWebIdentity",
    Principal = { Federated = "arn:aws:iam::000000000001:oidc-provider/oidc.eks.example" },
    Condition = { StringEquals = { "oidc.eks.example:sub" = "system:serviceaccount:rota:rota" } } }] })
}

resource "aws_iam_role_policy" "rota" {
  role   = aws_iam_role.rota.id
  policy = data.aws_iam_policy_document.rota.json
}

resource "aws_cloudtrail" "rota" {
  name                       = "rota-${terraform.workspace}"
  s3_bucket_name             = "care-trails"
  enable_log_file_validation = true
}

resource "aws_cloudwatch_log_group" "pods" {
  name              = "/eks/rota/${terraform.workspace}"
  retention_in_days = 7
  kms_key_id        = aws_kms_key.rota.arn
}

resource "aws_budgets_budget" "rota" {
  name         = "rota-${terraform.workspace}"
  budget_type  = "COST"
  limit_amount = "2600"
  limit_unit   = "USD"
  time_unit    = "MONTHLY"
  cost_filter {
    name   = "TagKeyValue"
    values = ["user:service$dialysis-rota"]
  }
  notification {
    comparison_operator        = "GREATER_THAN"
    threshold                  = 80
    threshold_type             = "PERCENTAGE"
    notification_type          = "ACTUAL"
    subscriber_email_addresses = ["care-it@care.example"]
  }
}
