# Systems Manager installs nothing where it has a record of the wanted version, even if the agent's folder is
# gone: without the record, the next step installs the agent.
$control = Join-Path $env:ProgramFiles 'Amazon\AmazonCloudWatchAgent\amazon-cloudwatch-agent-ctl.ps1'
$records = Join-Path $env:ProgramData 'Amazon\SSM\Packages\_arnawsssmpackageamazoncloudwatchagent_*'
if (Test-Path -LiteralPath $control) {
    'The agent is installed.'
} elseif (Test-Path -Path $records) {
    Remove-Item -Path $records -Recurse -Force
    'The agent is recorded as installed, and its control script is missing: it is installed again.'
} else {
    'The agent is not installed yet.'
}
exit 0
