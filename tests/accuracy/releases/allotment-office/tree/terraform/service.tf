resource "aws_ecs_cluster" "office" {
  name = "office-${var.environment}"
  setting {
    name  = "containerInsights"
    value = "enhanced"
  }
}

locals {
  image = "${data.aws_ecr_repository.office.repository_url}:${var.release}"
  environment = [
    { name = "ENV", value = var.environment },
    { name = "VERSION", value = var.release },
    { name = "ALLOWED_HOSTS", value = var.domain },
    { name = "DB_HOST", value = aws_db_instance.office.address },
    { name = "REDIS_URL", value = "rediss://${aws_elasticache_replication_group.office.primary_endpoint_address}:6379" },
    { name = "BANK_URL", value = "https://debits.bank.example" },
    { name = "OTEL_EXPORTER_OTLP_ENDPOINT", value = "http://localhost:4317" },
    { name = "OTEL_TRACES_SAMPLER", value = "parentbased_traceidratio" },
    { name = "OTEL_TRACES_SAMPLER_ARG", value = "0.1" },
  ]
  secrets = [for key in ["SECRET_KEY", "DB_PASSWORD", "BANK_KEY", "SENTRY_DSN"] : { name = key, valueFrom = "${aws_secretsmanager_secret.office.arn}:${key}::" }]
  logs = { logDriver = "awslogs", options = { awslogs-group = aws_cloudwatch_log_group.office.name, awslogs-region = "eu-central-1", awslogs-stream-prefix = "office" } }
  collector = {
    name             = "collector", image = "public.ecr.aws/aws-observability/aws-otel-collector:v0.43.3", essential = true
    secrets          = [{ name = "AOT_CONFIG_CONTENT", valueFrom = aws_ssm_parameter.collector.arn }]
    logConfiguration = local.logs
  }
}

data "aws_ecr_repository" "office" { name = "office" }

resource "aws_ecs_task_definition" "web" {
  family                   = "office-web"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 1024
  memory                   = 2048
  execution_role_arn       = aws_iam_role.start.arn
  task_role_arn            = aws_iam_role.task.arn
  skip_destroy             = true
  container_definitions = jsonencode([
    {
      name         = "web", image = local.image, essential = true, stopTimeout = 40
      portMappings = [{ containerPort = 8000 }]
      environment  = local.environment, secrets = local.secrets, logConfiguration = local.logs
      healthCheck  = { command = ["CMD-SHELL", "python -c \"import urllib.request as u; u.urlopen('http://localhost:8000/live', timeout=2)\""], interval = 10, retries = 3 }
    },
    local.collector,
  ])
}

resource "aws_ecs_task_definition" "worker" {
  family                   = "office-worker"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 512
  memory                   = 1024
  execution_role_arn       = aws_iam_role.start.arn
  task_role_arn            = aws_iam_role.task.arn
  skip_destroy             = true
  container_definitions = jsonencode([
    {
      name        = "worker", image = local.image, essential = true, stopTimeout = 120
      command     = ["opentelemetry-instrument", "celery", "-A", "office", "worker", "--beat", "--concurrency=4"]
      environment = local.environment, secrets = local.secrets, logConfiguration = local.logs
    },
    local.collector,
  ])
}

resource "aws_ecs_task_definition" "migrate" {
  family                   = "office-migrate"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 512
  memory                   = 1024
  execution_role_arn       = aws_iam_role.start.arn
  task_role_arn            = aws_iam_role.task.arn
  container_definitions = jsonencode([
    { name = "migrate", image = local.image, essential = true, command = ["python", "manage.py", "migrate_locked", "--timed"], environment = local.environment, secrets = local.secrets, logConfiguration = local.logs },
  ])
}

resource "aws_ecs_service" "web" {
  name                               = "web"
  cluster                            = aws_ecs_cluster.office.id
  task_definition                    = aws_ecs_task_definition.web.arn
  desired_count                      = var.smallest
  launch_type                        = "FARGATE"
  deployment_minimum_healthy_percent = 100
  deployment_maximum_percent         = 200
  health_check_grace_period_seconds  = 30
  enable_ecs_managed_tags            = true
  propagate_tags                     = "SERVICE"
  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }
  alarms {
    enable      = true
    rollback    = true
    alarm_names = [aws_cloudwatch_metric_alarm.errors.alarm_name]
  }
  network_configuration {
    subnets         = var.private_subnets
    security_groups = [aws_security_group.task.id]
  }
  load_balancer {
    target_group_arn = aws_lb_target_group.web.arn
    container_name   = "web"
    container_port   = 8000
  }
  lifecycle { ignore_changes = [desired_count, task_definition] }
}

resource "aws_ecs_service" "worker" {
  name            = "worker"
  cluster         = aws_ecs_cluster.office.id
  task_definition = aws_ecs_task_definition.worker.arn
  desired_count   = 1
  launch_type     = "FARGATE"
  propagate_tags  = "SERVICE"
  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }
  network_configuration {
    subnets         = var.private_subnets
    security_groups = [aws_security_group.task.id]
  }
  lifecycle { ignore_changes = [task_definition] }
}

resource "aws_appautoscaling_target" "web" {
  service_namespace  = "ecs"
  resource_id        = "service/${aws_ecs_cluster.office.name}/${aws_ecs_service.web.name}"
  scalable_dimension = "ecs:service:DesiredCount"
  min_capacity       = var.smallest
  max_capacity       = var.largest
}

resource "aws_appautoscaling_policy" "cpu" {
  name               = "cpu"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.web.service_namespace
  resource_id        = aws_appautoscaling_target.web.resource_id
  scalable_dimension = aws_appautoscaling_target.web.scalable_dimension
  target_tracking_scaling_policy_configuration {
    target_value       = 55
    scale_in_cooldown  = 300
    scale_out_cooldown = 60
    predefined_metric_specification { predefined_metric_type = "ECSServiceAverageCPUUtilization" }
  }
}

resource "aws_appautoscaling_scheduled_action" "february" {
  name               = "february-evenings"
  service_namespace  = aws_appautoscaling_target.web.service_namespace
  resource_id        = aws_appautoscaling_target.web.resource_id
  scalable_dimension = aws_appautoscaling_target.web.scalable_dimension
  schedule           = "cron(30 16 1-15 2 ? *)"
  timezone           = "Europe/Berlin"
  scalable_target_action {
    min_capacity = 6
    max_capacity = var.largest
  }
}

resource "aws_appautoscaling_scheduled_action" "february_night" {
  name               = "february-nights"
  service_namespace  = aws_appautoscaling_target.web.service_namespace
  resource_id        = aws_appautoscaling_target.web.resource_id
  scalable_dimension = aws_appautoscaling_target.web.scalable_dimension
  schedule           = "cron(0 23 1-15 2 ? *)"
  timezone           = "Europe/Berlin"
  scalable_target_action {
    min_capacity = var.smallest
    max_capacity = var.largest
  }
}
