# What is wanted of the registry beside: a value that is there already is replaced, and never removed again.
# A key that ends in * stands for the one below it that its value Active names: that of a certification authority.
function Get-WantedKey([string] $Key) {
    if (-not $Key.EndsWith('\*')) { return $Key }
    $above = $Key.Substring(0, $Key.Length - 2)
    '{0}\{1}' -f $above, (Get-Item -LiteralPath ('Registry::{0}' -f $above)).GetValue('Active')
}

foreach ($value in $wanted.registry_values) {
    Confirm-Setting ('registry value {0}\{1}: {2}' -f $value.key, $value.name, $value.data) {
        $found = [Microsoft.Win32.Registry]::GetValue((Get-WantedKey $value.key), $value.name, $null)
        ($null -ne $found) -and ((@($found) -join ' ') -eq ('{0}' -f $value.data))
    } {
        $key = Get-WantedKey $value.key
        if ($value.kind -eq 'Binary') {
            [Microsoft.Win32.Registry]::SetValue($key, $value.name, [byte[]] @($value.data), 'Binary')
        } elseif ($value.kind -eq 'String') {
            [Microsoft.Win32.Registry]::SetValue($key, $value.name, [string] $value.data, 'String')
        } else {
            [Microsoft.Win32.Registry]::SetValue($key, $value.name, [int] $value.data, $value.kind)
        }
    }
}

