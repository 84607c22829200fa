# What makes this server watched: fails with a sentence where something is missing.
$folder = Join-Path $env:ProgramData 'Amazon\AmazonCloudWatchAgent\Configs'
$file = Join-Path $folder ('ssm_{0}' -f $configuration)
$service = Get-Service -Name 'AmazonCloudWatchAgent' -ErrorAction SilentlyContinue
if (-not $service) {
    'This server is not watched: the CloudWatch agent is not installed.'
    exit 1
}
if ($service.Status -ne 'Running') {
    'This server is not watched: the CloudWatch agent does not run. Its log is in {0}.' -f (
        Join-Path $env:ProgramData 'Amazon\AmazonCloudWatchAgent\Logs')
    exit 1
}
if (-not (Test-Path -LiteralPath $file)) {
    'This server is not watched: the CloudWatch agent does not hold the configuration {0}.' -f $configuration
    exit 1
}
'This server is watched: the CloudWatch agent runs with {0}.' -f $configuration
exit 0
