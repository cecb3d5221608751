terraform {
  required_version = ">= 1.9"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.20"
    }
  }
  backend "s3" {}
}

provider "aws" {
  region = "eu-central-1"
  default_tags {
    tags = {
      service     = "allotment-office"
      team        = "gardens"
      environment = var.environment
    }
  }
}

provider "aws" {
  alias  = "copies"
  region = "eu-west-1"
  default_tags {
    tags = {
      service     = "allotment-office"
      team        = "gardens"
      environment = var.environment
    }
  }
}

variable "environment" { type = string }
variable "release" { type = string }
variable "smallest" { type = number }
variable "largest" { type = number }
variable "db_class" { type = string }
variable "budget" { type = string }
variable "vpc_id" { type = string }
variable "public_subnets" { type = list(string) }
variable "private_subnets" {
  type        = list(string)
  description = "One in each of three zones."
}
variable "certificate_arn" { type = string }
variable "domain" { type = string }
