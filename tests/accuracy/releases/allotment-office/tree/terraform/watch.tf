resource "aws_cloudwatch_log_group" "office" {
  name              = "/office/${var.environment}"
  retention_in_days = 90
  kms_key_id        = aws_kms_key.data.arn
}

resource "aws_sns_topic" "page" { name = "office-page-${var.environment}" }
resource "aws_sns_topic" "note" { name = "office-note-${var.environment}" }

resource "aws_sns_topic_subscription" "page" {
  topic_arn = aws_sns_topic.page.arn
  protocol  = "https"
  endpoint  = "https://events.pager.example/gardens"
}

resource "aws_sns_topic_subscription" "note" {
  topic_arn = aws_sns_topic.note.arn
  protocol  = "email"
  endpoint  = "gardens-dev@allotments.example"
}

resource "aws_cloudwatch_metric_alarm" "down" {
  alarm_name          = "office-down"
  alarm_description   = "No healthy task. docs/runbooks/down.md"
  namespace           = "AWS/ApplicationELB"
  metric_name         = "HealthyHostCount"
  dimensions          = { TargetGroup = aws_lb_target_group.web.arn_suffix, LoadBalancer = aws_lb.office.arn_suffix }
  statistic           = "Minimum"
  comparison_operator = "LessThanThreshold"
  threshold           = 1
  period              = 60
  evaluation_periods  = 2
  treat_missing_data  = "breaching"
  alarm_actions       = [aws_sns_topic.page.arn]
}

resource "aws_cloudwatch_metric_alarm" "errors" {
  alarm_name          = "office-errors"
  alarm_description   = "More than 1 % of requests fail. docs/runbooks/errors.md"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 1
  evaluation_periods  = 3
  datapoints_to_alarm = 2
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.page.arn]
  metric_query {
    id          = "share"
    expression  = "IF(all > 50, 100 * bad / all, 0)"
    return_data = true
  }
  metric_query {
    id = "bad"
    metric {
      namespace   = "AWS/ApplicationELB"
      metric_name = "HTTPCode_Target_5XX_Count"
      dimensions  = { LoadBalancer = aws_lb.office.arn_suffix }
      period      = 60
      stat        = "Sum"
    }
  }
  metric_query {
    id = "all"
    metric {
      namespace   = "AWS/ApplicationELB"
      metric_name = "RequestCount"
      dimensions  = { LoadBalancer = aws_lb.office.arn_suffix }
      period      = 60
      stat        = "Sum"
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "slow" {
  alarm_name          = "office-slow"
  alarm_description   = "p95 over the line. docs/runbooks/slow.md"
  namespace           = "AWS/ApplicationELB"
  metric_name         = "TargetResponseTime"
  dimensions          = { LoadBalancer = aws_lb.office.arn_suffix }
  extended_statistic  = "p95"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 25 # the balancer gives up after 35 s; the usual p95 is 0.24 s
  period              = 60
  evaluation_periods  = 5
  datapoints_to_alarm = 4
  alarm_actions       = [aws_sns_topic.page.arn]
}

resource "aws_cloudwatch_metric_alarm" "db_connections" {
  alarm_name          = "office-db-connections"
  alarm_description   = "140 of 180 connections in use. docs/runbooks/slow.md"
  namespace           = "AWS/RDS"
  metric_name         = "DatabaseConnections"
  dimensions          = { DBInstanceIdentifier = aws_db_instance.office.identifier }
  statistic           = "Maximum"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 140
  period              = 60
  evaluation_periods  = 5
  alarm_actions       = [aws_sns_topic.note.arn]
}

resource "aws_cloudwatch_log_metric_filter" "not_ready" {
  name           = "not-ready"
  log_group_name = aws_cloudwatch_log_group.office.name
  pattern        = "{ $.message = \"not ready\" }"
  metric_transformation {
    name      = "NotReady"
    namespace = "Office/Logs"
    value     = "1"
  }
}

resource "aws_cloudwatch_metric_alarm" "not_ready" {
  alarm_name          = "office-database-out-of-reach"
  alarm_description   = "Tasks cannot reach database or cache. docs/runbooks/down.md"
  namespace           = "Office/Logs"
  metric_name         = "NotReady"
  statistic           = "Sum"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 5
  period              = 60
  evaluation_periods  = 2
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.page.arn]
}

resource "aws_cloudwatch_log_metric_filter" "dead_debits" {
  name           = "dead-debits"
  log_group_name = aws_cloudwatch_log_group.office.name
  pattern        = "{ $.message = \"debit given up\" }"
  metric_transformation {
    name      = "DeadDebits"
    namespace = "Office/Logs"
    value     = "1"
  }
}

resource "aws_cloudwatch_metric_alarm" "dead_debits" {
  alarm_name          = "office-dead-debits"
  alarm_description   = "Debits were given up. docs/runbooks/debits.md"
  namespace           = "Office/Logs"
  metric_name         = "DeadDebits"
  statistic           = "Sum"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  period              = 3600
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.note.arn]
}

resource "aws_db_event_subscription" "backups" {
  name             = "office-backups-${var.environment}"
  sns_topic        = aws_sns_topic.page.arn
  source_type      = "db-instance"
  source_ids       = [aws_db_instance.office.identifier]
  event_categories = ["backup", "failure", "failover"]
}

resource "aws_cloudwatch_dashboard" "office" {
  dashboard_name = "office-${var.environment}"
  dashboard_body = jsonencode({ widgets = [
    { type = "metric", width = 12, properties = { title = "requests, errors, p95 (dashed: a week before)", region = "eu-central-1", metrics = [["AWS/ApplicationELB", "RequestCount", "LoadBalancer", aws_lb.office.arn_suffix], [".", "HTTPCode_Target_5XX_Count", ".", "."], [".", "TargetResponseTime", ".", ".", { stat = "p95", id = "p" }], [{ expression = "ANOMALY_DETECTION_BAND(p, 2)" }]] } },
    { type = "metric", width = 12, properties = { title = "tasks", region = "eu-central-1", metrics = [["ECS/ContainerInsights", "CpuUtilized", "ClusterName", aws_ecs_cluster.office.name], [".", "MemoryUtilized", ".", "."], [".", "NetworkRxBytes", ".", "."], [".", "EphemeralStorageUtilized", ".", "."], [".", "RunningTaskCount", ".", "."]] } },
    { type = "metric", width = 12, properties = { title = "database", region = "eu-central-1", metrics = [["AWS/RDS", "DatabaseConnections", "DBInstanceIdentifier", aws_db_instance.office.identifier], [".", "CPUUtilization", ".", "."], [".", "FreeStorageSpace", ".", "."], [".", "ReadLatency", ".", "."], [".", "WriteLatency", ".", "."]] } },
    { type = "metric", width = 12, properties = { title = "cache hit rate, should stay over 80", region = "eu-central-1", metrics = [["AWS/ElastiCache", "CacheHitRate", "ReplicationGroupId", aws_elasticache_replication_group.office.id]] } },
    { type = "metric", width = 12, properties = { title = "wishes, leases, rent", region = "eu-central-1", metrics = [["Office", "office_wishes_total"], [".", "office_leases_signed_total"], [".", "office_rent_cents_total"]] } },
  ] })
}

resource "aws_budgets_budget" "office" {
  name         = "office-${var.environment}"
  budget_type  = "COST"
  limit_amount = var.budget
  limit_unit   = "USD"
  time_unit    = "MONTHLY"
  cost_filter {
    name   = "TagKeyValue"
    values = ["user:service$allotment-office"]
  }
  dynamic "notification" {
    for_each = [50, 80, 100]
    content {
      comparison_operator        = "GREATER_THAN"
      threshold                  = notification.value
      threshold_type             = "PERCENTAGE"
      notification_type          = "ACTUAL"
      subscriber_email_addresses = ["gardens-lead@allotments.example"]
    }
  }
}

resource "aws_ce_anomaly_monitor" "office" {
  name              = "office-${var.environment}"
  monitor_type      = "DIMENSIONAL"
  monitor_dimension = "SERVICE"
}

resource "aws_ce_anomaly_subscription" "office" {
  name             = "office-${var.environment}"
  frequency        = "DAILY"
  monitor_arn_list = [aws_ce_anomaly_monitor.office.arn]
  subscriber {
    type    = "EMAIL"
    address = "gardens-lead@allotments.example"
  }
  threshold_expression {
    dimension {
      key           = "ANOMALY_TOTAL_IMPACT_ABSOLUTE"
      values        = ["50"]
      match_options = ["GREATER_THAN_OR_EQUAL"]
    }
  }
}
