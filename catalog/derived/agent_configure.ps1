# Adds this deployment's configuration to the agent's, or takes it away, and removes those that it replaces. What
# was applied is kept in the registry: the same one again is left as it is, without a restart of the agent.
$folder = Join-Path $env:ProgramData 'Amazon\AmazonCloudWatchAgent\Configs'
$control = Join-Path $env:ProgramFiles 'Amazon\AmazonCloudWatchAgent\amazon-cloudwatch-agent-ctl.ps1'
$memory = 'HKEY_LOCAL_MACHINE\SOFTWARE\windows-security\' + $deployment

function Get-ConfigurationFile([string] $Name) {
    Join-Path $folder ('ssm_{0}' -f $Name)
}

function Invoke-Control([string] $Action, [string] $Name, [bool] $Start) {
    if ($Start) {
        $said = & $control -a $Action -m ec2 -c "ssm:$Name" -s 2>&1 | ForEach-Object { "$_".Trim() }
    } else {
        $said = & $control -a $Action -m ec2 -c "ssm:$Name" 2>&1 | ForEach-Object { "$_".Trim() }
    }
    if ($LASTEXITCODE -ne 0) {
        '{0} of {1} failed, exit code {2}. {3}' -f $Action, $Name, $LASTEXITCODE, ($said -join ' ')
        exit 1
    }
    '{0}: {1}' -f $Action, $Name
}

# Systems Manager gives scripts the id of the node. The agent's mode ec2 needs an instance profile.
if ($env:AWS_SSM_INSTANCE_ID -match '^mi-') {
    'This is a hybrid node: it needs the agent in mode onPremise, with credentials in the profile AmazonCloudWatchAgent of the system account. Leave it out of the targets and set it up manually.'
    exit 1
}
if (-not (Test-Path -LiteralPath $control)) {
    if ($action -eq 'remove-config') {
        'The CloudWatch agent is not installed: it has no configuration to remove.'
        exit 0
    }
    'The CloudWatch agent is not installed: see the output of the step installAgent.'
    exit 1
}

$removed = $false
$former = [Microsoft.Win32.Registry]::GetValue($memory, 'agent-configuration', '')
foreach ($name in (@($former) + $replaced)) {
    if ($name -and ($name -ne $configuration) -and (Test-Path -LiteralPath (Get-ConfigurationFile $name))) {
        Invoke-Control 'remove-config' $name $false
        $removed = $true
    }
}

$applied = [Microsoft.Win32.Registry]::GetValue($memory, 'agent-configuration-hash', '')
$present = Test-Path -LiteralPath (Get-ConfigurationFile $configuration)
if ($action -eq 'remove-config') {
    if ($present) {
        Invoke-Control $action $configuration $false
        $removed = $true
    }
    if ($removed) {
        # An agent that starts without any configuration takes a default one, so it only starts with another.
        Invoke-Control 'stop' $configuration $false
        if (Test-Path -Path (Join-Path $folder '*')) {
            Invoke-Control 'start' $configuration $false
        }
    }
    [Microsoft.Win32.Registry]::SetValue($memory, 'agent-configuration', '')
    [Microsoft.Win32.Registry]::SetValue($memory, 'agent-configuration-hash', '')
    'removed: {0}' -f $configuration
    exit 0
}
$status = (Get-Service -Name 'AmazonCloudWatchAgent').Status
if ($present -and (-not $removed) -and ($applied -eq $hash) -and ($status -eq 'Running')) {
    'unchanged: {0}' -f $configuration
    exit 0
}
Invoke-Control $action $configuration $true
[Microsoft.Win32.Registry]::SetValue($memory, 'agent-configuration', $configuration)
[Microsoft.Win32.Registry]::SetValue($memory, 'agent-configuration-hash', $hash)
exit 0
