# Deploys what is in the report of `cargo lambda-zip --report FILE`.

terraform {
  required_version = ">= 1.2"
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

variable "role_arn" {
  type        = string
  description = "The role of the functions"
}

variable "bucket" {
  type        = string
  default     = null
  description = "For zips of 50 MiB or more: a bucket in the region of the functions"
}

locals {
  report    = "{report}"
  document  = jsondecode(file(local.report))
  archives  = local.document.archives
  zips      = { for a in local.archives : a.path => "${dirname(local.report)}/${a.path}" }
  functions = { for a in local.archives : a.name => a if a.kind == "function" }
  layers    = { for a in local.archives : a.name => a if a.kind != "function" }
  # The functions and layers that this configuration was printed for, and those of them that the report lacks
  printed = [
{printed}  ]
  reported = [for a in local.archives : "${a.kind == "function" ? "function" : "layer"} ${a.name}"]
  missing  = [for name in local.printed : name if !contains(local.reported, name)]
  # Packages of pack and check: of those of a build, only layers of files belong to no package of Cargo
  foreign = [for a in local.archives : a.name if a.kind != "layer" && try(a.package, null) == null]
  # Layers that are given by the paths of their zips, and those of them that S3 has to hand over
  used  = flatten([for f in values(local.functions) : f.layers])
  given = setsubtract(compact(local.used[*].path), keys(local.zips))
  large = setintersection(local.given, [for layer in local.used : layer.path if try(layer.direct_upload, null) == false])

  # Settings of single functions, such as { orders = { memory_size = 256, timeout = 10 } }
  settings = {}
}

# Terraform would destroy the functions that a report leaves out.
output "lambda_zip_report" {
  value = local.report

  precondition {
    condition     = try(local.document.partition, null) == null && length(try(local.document.errors, [])) == 0
    error_message = "The report leaves packages out: its run failed, or made a share of them. Run cargo lambda-zip again, or join the shares with cargo lambda-zip report merge."
  }

  precondition {
    condition     = length(local.missing) == 0
    error_message = "The report lacks ${join(", ", local.missing)}, which Terraform would destroy. Run cargo lambda-zip with --report for all packages. If they were removed, print this configuration again."
  }

  precondition {
    condition     = length(local.foreign) == 0
    error_message = "The report is one of pack or check, with ${join(", ", local.foreign)}. Run cargo lambda-zip with --report again."
  }
}

resource "aws_s3_object" "zip" {
  for_each = { for a in local.archives : a.path => a if a.direct_upload == false }

  bucket = var.bucket
  key    = "${each.value.name}-${each.value.sha256}.zip"
  source = local.zips[each.key]
}

resource "aws_lambda_layer_version" "layer" {
  for_each = local.layers

  layer_name               = each.key
  compatible_runtimes      = [each.value.runtime]
  compatible_architectures = each.value.architectures
  filename                 = each.value.direct_upload ? local.zips[each.value.path] : null
  s3_bucket                = each.value.direct_upload ? null : aws_s3_object.zip[each.value.path].bucket
  s3_key                   = each.value.direct_upload ? null : aws_s3_object.zip[each.value.path].key
  source_code_hash         = filebase64sha256(local.zips[each.value.path])

  lifecycle {
    precondition {
      condition     = filebase64sha256(local.zips[each.value.path]) == each.value.code_sha256
      error_message = "The zip of ${each.key} is not the one in the report: run cargo lambda-zip again."
    }
  }
}

resource "aws_s3_object" "given" {
  for_each = local.large

  bucket = var.bucket
  key    = "${trimsuffix(basename(each.key), ".zip")}-${filesha256("${dirname(local.report)}/${each.key}")}.zip"
  source = "${dirname(local.report)}/${each.key}"
}

resource "aws_lambda_layer_version" "given" {
  for_each = local.given

  layer_name       = replace(trimsuffix(basename(each.key), ".zip"), "/[^0-9A-Za-z_-]/", "-")
  filename         = contains(local.large, each.key) ? null : "${dirname(local.report)}/${each.key}"
  s3_bucket        = contains(local.large, each.key) ? aws_s3_object.given[each.key].bucket : null
  s3_key           = contains(local.large, each.key) ? aws_s3_object.given[each.key].key : null
  source_code_hash = filebase64sha256("${dirname(local.report)}/${each.key}")
}

resource "aws_lambda_function" "function" {
  for_each = local.functions

  function_name    = each.key
  role             = var.role_arn
  runtime          = each.value.runtime
  handler          = each.value.handler
  architectures    = each.value.architectures
  filename         = each.value.direct_upload ? local.zips[each.value.path] : null
  s3_bucket        = each.value.direct_upload ? null : aws_s3_object.zip[each.value.path].bucket
  s3_key           = each.value.direct_upload ? null : aws_s3_object.zip[each.value.path].key
  source_code_hash = filebase64sha256(local.zips[each.value.path])
  layers = flatten([for layer in each.value.layers : layer.arn != null ? [layer.arn] : concat(
    [for path in local.given : aws_lambda_layer_version.given[path].arn if path == layer.path],
    [
      for a in values(local.layers) : aws_lambda_layer_version.layer[a.name].arn
      if layer.path != null ? a.path == layer.path : (a.bin == layer.name &&
      (length(a.architectures) == 0 || a.architectures == each.value.architectures))
    ]
  )])
  memory_size = try(local.settings[each.key].memory_size, null)
  timeout     = try(local.settings[each.key].timeout, null)

  lifecycle {
    precondition {
      condition     = filebase64sha256(local.zips[each.value.path]) == each.value.code_sha256
      error_message = "The zip of ${each.key} is not the one in the report: run cargo lambda-zip again."
    }
  }
}
