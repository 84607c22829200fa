<#
.SYNOPSIS
Makes this server write the security events that are monitored, and keep them long enough to be shipped.

.DESCRIPTION
Switches audit subcategories on, gives them precedence over the legacy audit categories, grows the
Security log, and adds audit entries (SACL) to watched files, folders and registry keys. What is more
than wanted stays: nothing is switched off, shrunk or removed. Needs SeSecurityPrivilege, which SYSTEM
and administrators have.

Prints one line for each setting and goes on after a failure:

  unchanged      it was as wanted
  changed        it was not, and now is
  would change   it is not (mode report)
  absent         there is no such path on this server
  failed         with the reason

A setting that held after an earlier run and does not now is set again and reported as failed: overruled by
another policy. A group policy wins at its next refresh, about 90 minutes after this script, so no run can see
that in what it has just set. What held is kept in the registry, below HKLM\SOFTWARE\windows-security.
Audit entries are not: a file that is replaced loses them in ordinary work.

Exit code: 0, or 1 when something failed, or 2 when something would change.

.PARAMETER Mode
apply changes what is not as wanted, report only says so.

.PARAMETER Policy
What is wanted: JSON in UTF-8 in base64, so that no path can break out of its quotes.
#>
param(
    [ValidateSet('apply', 'report')] [string] $Mode = 'apply',
    [Parameter(Mandatory = $true)] [string] $Policy
)

Set-StrictMode -Version 2
$ErrorActionPreference = 'Stop'

$auditpol = Join-Path $env:SystemRoot 'System32\auditpol.exe'
$lsa = 'HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\Lsa'
$memory = 'HKEY_LOCAL_MACHINE\SOFTWARE\windows-security\audit-policy'
$everyone = New-Object System.Security.Principal.SecurityIdentifier 'S-1-1-0'
$outcomes = New-Object System.Collections.ArrayList

function Write-Outcome([string] $Outcome, [string] $Setting) {
    [void] $outcomes.Add($Outcome)
    '{0,-12}  {1}' -f $Outcome, $Setting
}

# Lasting: only something else on the server can undo the setting.
function Confirm-Setting([string] $Setting, [scriptblock] $Holds, [scriptblock] $Enable, [bool] $Lasting = $true) {
    try {
        $outcome = 'unchanged'
        if (-not (& $Holds)) {
            if ($Mode -eq 'report') {
                Write-Outcome 'would change' $Setting
                return
            }
            $outcome = 'changed'
            [void] (& $Enable)
            if (-not (& $Holds)) { throw 'It was set and does not hold.' }
            if ($Lasting -and ([Microsoft.Win32.Registry]::GetValue($memory, $Setting, 0) -eq 1)) {
                throw 'overruled by another policy. It held after an earlier run, was off, and is set again.'
            }
        }
        if ($Lasting -and ($Mode -eq 'apply')) {
            [Microsoft.Win32.Registry]::SetValue($memory, $Setting, 1, 'DWord')
        }
        Write-Outcome $outcome $Setting
    } catch [System.Management.Automation.ItemNotFoundException],
            [System.Management.Automation.DriveNotFoundException] {
        Write-Outcome 'absent' $Setting
    } catch {
        Write-Outcome 'failed' ('{0}: {1}' -f $Setting, ($_.Exception.Message -replace '\s+', ' '))
    }
}

function Invoke-Auditpol([string[]] $Arguments) {
    # With Stop, Windows PowerShell makes an exception of the first line on standard error.
    $ErrorActionPreference = 'Continue'
    $said = & $auditpol $Arguments 2>&1 | ForEach-Object { "$_".Trim() }
    if ($LASTEXITCODE -ne 0) { throw ('auditpol exit code {0}. {1}' -f $LASTEXITCODE, ($said -join ' ')) }
}

# A subcategory's setting on this server: 1 for success, plus 2 for failure. Only a backup has it as a
# number; the texts of "auditpol /get" are localised. Rows whose target is a SID are of single users.
function Get-AuditSetting([string] $Guid) {
    $backup = Join-Path ([System.IO.Path]::GetTempPath()) ('{0}.csv' -f [guid]::NewGuid())
    try {
        Invoke-Auditpol '/backup', "/file:$backup"
        $rows = [System.IO.File]::ReadAllLines($backup)
    } finally {
        Remove-Item -LiteralPath $backup -ErrorAction SilentlyContinue
    }
    $setting = '^[^,]*,(?!S-1-).*' + [regex]::Escape($Guid) + '.*,([0-3])\s*$'
    foreach ($row in $rows) {
        if ($row -match $setting) { return [int] $Matches[1] }
    }
    throw 'This version of Windows does not have it.'
}

function Get-SecurityLog {
    New-Object System.Diagnostics.Eventing.Reader.EventLogConfiguration 'Security'
}

# An item's audit entries as they are, and with the wanted one added: the same text when nothing is missing.
# Only this section of the descriptor is read, and therefore written: owner and permissions stay untouched.
function Get-AuditEntry($Item, $Watched) {
    $isKey = $Item -is [Microsoft.Win32.RegistryKey]
    $inheritance = 'None'
    if ($Watched.below -and $isKey) {
        $inheritance = 'ContainerInherit'
    } elseif ($Watched.below -and $Item.PSIsContainer) {
        $inheritance = 'ContainerInherit, ObjectInherit'
    }
    $kind = if ($isKey) { 'RegistryAuditRule' } else { 'FileSystemAuditRule' }
    $entry = New-Object "System.Security.AccessControl.$kind" -ArgumentList @(
        $everyone, $Watched.rights, $inheritance, 'None', 'Success, Failure'
    )
    $security = $Item.GetAccessControl('Audit')
    $before = $security.GetSecurityDescriptorSddlForm('Audit')
    $security.AddAuditRule($entry)
    $after = $security.GetSecurityDescriptorSddlForm('Audit')
    New-Object PSObject -Property @{ Security = $security; Holds = $before -eq $after }
}

try {
    [System.Console]::OutputEncoding = New-Object System.Text.UTF8Encoding $false
} catch {
    Write-Verbose 'There is no console: paths are printed in its code page.'
}

$json = [System.Text.Encoding]::UTF8.GetString([System.Convert]::FromBase64String($Policy))
$wanted = ConvertFrom-Json $json

Confirm-Setting 'audit subcategories take precedence over legacy categories' {
    [Microsoft.Win32.Registry]::GetValue($lsa, 'SCENoApplyLegacyAuditPolicy', 0) -eq 1
} {
    [Microsoft.Win32.Registry]::SetValue($lsa, 'SCENoApplyLegacyAuditPolicy', 1, 'DWord')
}

foreach ($subcategory in $wanted.subcategories) {
    $bits = 0
    $switches = @()
    if ($subcategory.success) { $bits += 1; $switches += '/success:enable' }
    if ($subcategory.failure) { $bits += 2; $switches += '/failure:enable' }
    Confirm-Setting ('audit {0} {1}: {2}' -f $subcategory.title, $subcategory.guid, ($switches -join ' ')) {
        ((Get-AuditSetting $subcategory.guid) -band $bits) -eq $bits
    } {
        Invoke-Auditpol (@('/set', ('/subcategory:{0}' -f $subcategory.guid)) + $switches)
    }
}

Confirm-Setting ('Security log: {0} bytes or more' -f $wanted.security_log_bytes) {
    (Get-SecurityLog).MaximumSizeInBytes -ge $wanted.security_log_bytes
} {
    $log = Get-SecurityLog
    $log.MaximumSizeInBytes = $wanted.security_log_bytes
    $log.SaveChanges()
}

# A log in mode AutoBackup, which archives what it drops, is left as it is.
Confirm-Setting 'Security log: goes on when full' {
    (Get-SecurityLog).LogMode -ne 'Retain'
} {
    $log = Get-SecurityLog
    $log.LogMode = 'Circular'
    $log.SaveChanges()
}

foreach ($watched in $wanted.paths) {
    Confirm-Setting ('audit entry on {0}' -f $watched.path) {
        (Get-AuditEntry (Get-Item -LiteralPath $watched.path -Force) $watched).Holds
    } {
        $item = Get-Item -LiteralPath $watched.path -Force
        $security = (Get-AuditEntry $item $watched).Security
        if ($item -is [Microsoft.Win32.RegistryKey]) {
            # Get-Item opens keys for reading only; Set-Acl opens this one again for writing.
            Set-Acl -LiteralPath $watched.path -AclObject $security
        } else {
            # Set-Acl would write owner and permissions of a file too.
            $item.SetAccessControl($security)
        }
    } $false
}

if ($outcomes -contains 'failed') { exit 1 }
if ($outcomes -contains 'would change') { exit 2 }
exit 0
