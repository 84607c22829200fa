# The CloudWatch agent reads its proxy from this file, which an upgrade of the agent writes anew. What else the file
# holds stays. Without the hash, the next step applies the configuration, which restarts the agent.
$memory = 'HKEY_LOCAL_MACHINE\SOFTWARE\windows-security\' + $deployment
$file = Join-Path $env:ProgramData 'Amazon\AmazonCloudWatchAgent\common-config.toml'
$inside = $false
$found = @('')
if (Test-Path -LiteralPath $file) {
    $found = @(Get-Content -LiteralPath $file)
}
$kept = foreach ($line in $found) {
    if ($line -match '^\s*\[') { $inside = $line -match '^\s*\[proxy\]' }
    if (-not $inside) { $line }
}
$wanted = @($kept) + $proxy
if (($wanted -join '|') -eq ($found -join '|')) {
    'The proxy is set.'
    exit 0
}
Set-Content -LiteralPath $file -Value $wanted -Encoding ASCII
[Microsoft.Win32.Registry]::SetValue($memory, 'agent-configuration-hash', '')
'The proxy was written into {0}.' -f $file
exit 0
