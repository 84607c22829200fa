# What is wanted of the registry beside: a value that is there already is replaced, and never removed again.
foreach ($value in $wanted.registry_values) {
    Confirm-Setting ('registry value {0}\{1}: {2}' -f $value.key, $value.name, $value.data) {
        $found = [Microsoft.Win32.Registry]::GetValue($value.key, $value.name, $null)
        ($null -ne $found) -and ((@($found) -join ' ') -eq ('{0}' -f $value.data))
    } {
        if ($value.kind -eq 'Binary') {
            [Microsoft.Win32.Registry]::SetValue($value.key, $value.name, [byte[]] @($value.data), 'Binary')
        } else {
            [Microsoft.Win32.Registry]::SetValue($value.key, $value.name, [int] $value.data, $value.kind)
        }
    }
}

