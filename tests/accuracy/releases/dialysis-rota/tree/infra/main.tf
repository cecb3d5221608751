terraform {
  required_version = "~> 1.13"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.20"
    }
  }
  backend "s3" {
    bucket = "care-terraform"
    key    = "dialysis-rota"
    region = "eu-central-1"
  }
}

locals { tags = { service = "dialysis-rota", team = "care-it", cost-centre = "4711", environment = terraform.workspace } }

provider "aws" {
  region = "eu-central-1"
  default_tags { tags = local.tags }
}

provider "aws" {
  alias  = "second"
  region = "eu-south-2"
  default_tags { tags = local.tags }
}
