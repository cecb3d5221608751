resource "aws_kms_key" "data" {
  description         = "office data"
  enable_key_rotation = true
}

resource "aws_db_subnet_group" "office" {
  name       = "office-${var.environment}"
  subnet_ids = var.private_subnets
}

resource "aws_db_parameter_group" "office" {
  name   = "office-${var.environment}-16"
  family = "postgres16"
  parameter {
    name  = "log_min_duration_statement"
    value = "100"
  }
  parameter {
    name  = "autovacuum_vacuum_scale_factor"
    value = "0.05"
  }
  parameter {
    name  = "rds.force_ssl"
    value = "1"
  }
  parameter {
    name         = "shared_preload_libraries"
    value        = "pg_stat_statements"
    apply_method = "pending-reboot"
  }
}

resource "aws_db_instance" "office" {
  identifier                            = "office-${var.environment}"
  engine                                = "postgres"
  engine_version                        = "16.8"
  instance_class                        = var.db_class
  allocated_storage                     = 100
  max_allocated_storage                 = 400
  storage_encrypted                     = true
  kms_key_id                            = aws_kms_key.data.arn
  multi_az                              = true
  db_name                               = "office"
  username                              = "office_admin"
  manage_master_user_password           = true
  parameter_group_name                  = aws_db_parameter_group.office.name
  db_subnet_group_name                  = aws_db_subnet_group.office.name
  backup_retention_period               = 14
  backup_window                         = "01:30-02:00"
  copy_tags_to_snapshot                 = true
  deletion_protection                   = true
  performance_insights_enabled          = true
  performance_insights_retention_period = 93
  monitoring_interval                   = 30
  monitoring_role_arn                   = aws_iam_role.monitoring.arn
  enabled_cloudwatch_logs_exports       = ["postgresql"]
  auto_minor_version_upgrade            = true
}

resource "aws_db_instance_automated_backups_replication" "office" {
  provider               = aws.copies
  source_db_instance_arn = aws_db_instance.office.arn
  kms_key_id             = aws_kms_key.copies.arn
  retention_period       = 14
}

resource "aws_kms_key" "copies" {
  provider            = aws.copies
  description         = "office backup copies"
  enable_key_rotation = true
}

resource "aws_elasticache_replication_group" "office" {
  replication_group_id       = "office-${var.environment}"
  description                = "broker and cache"
  engine                     = "redis"
  engine_version             = "7.1"
  node_type                  = "cache.t4g.small"
  num_cache_clusters         = 2
  automatic_failover_enabled = true
  multi_az_enabled           = true
  transit_encryption_enabled = true
  at_rest_encryption_enabled = true
  kms_key_id                 = aws_kms_key.data.arn
}

resource "aws_s3_bucket" "leases" { bucket = "office-leases-${var.environment}" }

resource "aws_s3_bucket_server_side_encryption_configuration" "leases" {
  bucket = aws_s3_bucket.leases.id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.data.arn
    }
  }
}

resource "aws_s3_bucket_public_access_block" "leases" {
  bucket                  = aws_s3_bucket.leases.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_lifecycle_configuration" "leases" {
  bucket = aws_s3_bucket.leases.id
  rule {
    id     = "cold"
    status = "Enabled"
    filter {}
    transition {
      days          = 90
      storage_class = "STANDARD_IA"
    }
    transition {
      days          = 365
      storage_class = "GLACIER_IR"
    }
  }
}
