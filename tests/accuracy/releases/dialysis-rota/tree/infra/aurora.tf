resource "aws_rds_cluster" "rota" {
  cluster_identifier              = "rota-${terraform.workspace}"
  engine                          = "aurora-postgresql"
  engine_version                  = "17.5"
  database_name                   = "rota"
  master_username                 = "rota_owner"
  manage_master_user_password     = true
  storage_encrypted               = true
  kms_key_id                      = aws_kms_key.rota.arn
  backup_retention_period         = 35
  preferred_backup_window         = "01:00-01:30"
  deletion_protection             = true
  copy_tags_to_snapshot           = true
  db_cluster_parameter_group_name = aws_rds_cluster_parameter_group.rota.name
  enabled_cloudwatch_logs_exports = ["postgresql"]
  serverlessv2_scaling_configuration {
    min_capacity = 1
    max_capacity = 16
  }
}

resource "aws_rds_cluster_instance" "rota" {
  for_each                              = toset(["a", "b"])
  identifier                            = "rota-${terraform.workspace}-${each.key}"
  cluster_identifier                    = aws_rds_cluster.rota.id
  engine                                = aws_rds_cluster.rota.engine
  instance_class                        = "db.serverless"
  availability_zone                     = "eu-central-1${each.key}"
  performance_insights_enabled          = true
  performance_insights_retention_period = 93
  monitoring_interval                   = 15
  monitoring_role_arn                   = "arn:aws:iam::000000000001:role/rds-monitoring"
}

resource "aws_rds_cluster_parameter_group" "rota" {
  name   = "rota-${terraform.workspace}"
  family = "aurora-postgresql17"
  parameter {
    name  = "rds.force_ssl"
    value = "1"
  }
  parameter {
    name  = "max_connections"
    value = "300"
  }
  parameter {
    name  = "log_min_duration_statement"
    value = "100"
  }
}

resource "aws_kms_key" "rota" {
  description         = "rota"
  enable_key_rotation = true
}

resource "aws_kms_key" "second" {
  provider            = aws.second
  description         = "rota copies"
  enable_key_rotation = true
}

resource "aws_backup_vault" "rota" {
  name        = "rota-${terraform.workspace}"
  kms_key_arn = aws_kms_key.rota.arn
}

resource "aws_backup_vault" "second" {
  provider    = aws.second
  name        = "rota-${terraform.workspace}"
  kms_key_arn = aws_kms_key.second.arn
}

resource "aws_backup_vault_lock_configuration" "second" {
  provider           = aws.second
  backup_vault_name  = aws_backup_vault.second.name
  min_retention_days = 35
}

resource "aws_backup_plan" "rota" {
  name = "rota-${terraform.workspace}"
  rule {
    rule_name         = "nightly"
    target_vault_name = aws_backup_vault.rota.name
    schedule          = "cron(0 2 * * ? *)"
    lifecycle { delete_after = 60 }
    copy_action {
      destination_vault_arn = aws_backup_vault.second.arn
      lifecycle { delete_after = 60 }
    }
  }
}

resource "aws_backup_selection" "rota" {
  name         = "rota"
  plan_id      = aws_backup_plan.rota.id
  iam_role_arn = "arn:aws:iam::000000000001:role/backup"
  resources    = [aws_rds_cluster.rota.arn]
}

resource "aws_backup_vault_notifications" "rota" {
  backup_vault_name   = aws_backup_vault.rota.name
  sns_topic_arn       = "arn:aws:sns:eu-central-1:000000000001:care-page"
  backup_vault_events = ["BACKUP_JOB_FAILED", "BACKUP_JOB_EXPIRED", "COPY_JOB_FAILED"]
}

resource "aws_backup_restore_testing_plan" "rota" {
  name                = "rota_${terraform.workspace}"
  schedule_expression = "cron(0 4 ? * SUN *)"
  recovery_point_selection {
    algorithm            = "LATEST_WITHIN_WINDOW"
    include_vaults       = [aws_backup_vault.rota.arn]
    recovery_point_types = ["SNAPSHOT"]
  }
}

resource "aws_backup_restore_testing_selection" "rota" {
  name                      = "rota"
  restore_testing_plan_name = aws_backup_restore_testing_plan.rota.name
  protected_resource_type   = "Aurora"
  iam_role_arn              = "arn:aws:iam::000000000001:role/backup"
  protected_resource_arns   = [aws_rds_cluster.rota.arn]
  validation_window_hours   = 4
}
