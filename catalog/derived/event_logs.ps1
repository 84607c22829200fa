# Event logs that Windows leaves off: enabled, and never disabled again. Not every server has each of them.
$eventLogs = [System.Diagnostics.Eventing.Reader.EventLogSession]::GlobalSession.GetLogNames()
foreach ($name in $wanted.event_logs) {
    if ($eventLogs -notcontains $name) {
        Write-Outcome 'absent' ('event log {0}' -f $name)
        continue
    }
    Confirm-Setting ('event log {0}: enabled' -f $name) {
        (New-Object System.Diagnostics.Eventing.Reader.EventLogConfiguration $name).IsEnabled
    } {
        $log = New-Object System.Diagnostics.Eventing.Reader.EventLogConfiguration $name
        $log.IsEnabled = $true
        $log.SaveChanges()
    }
}

