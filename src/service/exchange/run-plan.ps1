#requires -Modules ExchangeOnlineManagement
<#
.SYNOPSIS
  Carries out a plan of Mailbox Access in Exchange Online, step by step.
.DESCRIPTION
  Every value of the plan stands below as a literal; the code is the same for every plan. Each step looks first, says what
  it found, asks, and changes only what is missing, so the script can be run again. -WhatIf shows what it would change;
  -Confirm:$false does not ask. The result is written as JSON, to be brought back to Mailbox Access. Sign in as Exchange
  Administrator or member of Organization Management.
#>
[CmdletBinding(SupportsShouldProcess = $true, ConfirmImpact = 'High')]
param(
  [string] $UserPrincipalName,
  [string] $ResultPath = 'mailbox-access-result.json'
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

# PLAN

function Get-ConnectedTenantIds {
  return @(Get-ConnectionInformation | Where-Object { $_.State -eq 'Connected' } | ForEach-Object { [string] $_.TenantID } | Select-Object -Unique)
}

# A property as text; empty when this version of the module has none of that name.
function Get-Text($Object, [string[]] $Names) {
  foreach ($name in $Names) {
    $property = $Object.PSObject.Properties[$name]
    if ($null -ne $property -and [string] $property.Value -ne '') { return [string] $property.Value }
  }
  return ''
}

function New-Outcome([string] $Outcome, [string] $Detail = '', $Configuration = $null, $EwsAccess = $null) {
  return @{ Outcome = $Outcome; Detail = $Detail; Configuration = $Configuration; EwsAccess = $EwsAccess }
}

# Asks before a change; $false under -WhatIf. Who answers No stops the plan.
function Test-MayChange([string] $Target, [string] $Action) {
  if ($PSCmdlet.ShouldProcess($Target, $Action)) { return $true }
  if ($WhatIfPreference) { return $false }
  throw ('You answered No to ' + $Action + ' on ' + $Target + '.')
}

# Exchange filters have quotes of their own, and every kind of single quote ends a value there.
function ConvertTo-FilterValue([string] $Value) {
  return [regex]::Replace($Value, '[''\u2018\u2019\u201A\u201B]', '$0$0')
}

function Test-IsGroup($Recipient) {
  return (Get-Text $Recipient 'RecipientTypeDetails') -match 'group|^RoomList$'
}

function Get-RecipientId($Recipient) {
  return (Get-Text $Recipient 'ExternalDirectoryObjectId').ToLowerInvariant()
}

function Get-ScopeGroup([string] $GroupId) {
  $filter = 'ExternalDirectoryObjectId -eq ''' + $GroupId + ''''
  $found = @(Get-Recipient -Filter $filter -ResultSize 2)
  # Microsoft 365 groups are left out unless they are asked for.
  if ($found.Count -eq 0) { $found = @(Get-Recipient -Filter $filter -RecipientTypeDetails 'GroupMailbox' -ResultSize 2) }
  if ($found.Count -ne 1 -or -not (Test-IsGroup $found[0])) {
    throw ('Exchange knows no group with the object id ' + $GroupId + '.')
  }
  return $found[0]
}

# A group by any name that Exchange gave it; $null for anything else, and where the name is not unique.
function Find-GroupByName([string] $Identity) {
  if ($Identity -eq '') { return $null }
  try {
    $found = @(Get-Recipient -Identity $Identity)
  } catch {
    if (($_.Exception.Message + $_.FullyQualifiedErrorId) -match 'ManagementObject(NotFound|Ambiguous)Exception|couldn.t be found|matches multiple') { return $null }
    throw
  }
  if ($found.Count -eq 1 -and (Test-IsGroup $found[0])) { return $found[0] }
  return $null
}

function Get-GroupDescription($Group) {
  return (Get-Text $Group 'DisplayName') + ' <' + (Get-Text $Group 'PrimarySmtpAddress') + '>, ' + (Get-Text $Group 'RecipientTypeDetails')
}

function Get-ScopeFilter($Groups, [string] $Covers) {
  $members = @($Groups | ForEach-Object {
      $name = Get-Text $_ 'DistinguishedName'
      if ($name -eq '') { throw 'A group has a distinguished name that no filter can carry.' }
      'MemberOfGroup -eq ''' + (ConvertTo-FilterValue $name) + ''''
    })
  # An empty filter would hold every recipient.
  if ($members.Count -eq 0) { throw 'The plan names no group for the management scope.' }
  $filter = $members -join ' -or '
  if ($Covers -eq 'everybody_else') { return '-not (' + $filter + ')' }
  return $filter
}

# Get-* cmdlets answer an unknown identity with an error, or with everything: look through the list instead.
function Find-ManagementScope([string] $Name) { @(Get-ManagementScope | Where-Object { $_.Name -eq $Name }) }
function Find-RoleAssignment([string] $Name) { @(Get-ManagementRoleAssignment | Where-Object { $_.Name -eq $Name }) }
function Find-AccessPolicy($Step) {
  $ofApp = @(Get-ApplicationAccessPolicy | Where-Object { $_.AppId -eq $Step.AppId -and $_.AccessRight -eq $Step.AccessRight })
  foreach ($policy in $ofApp) {
    # Names do not tell groups apart.
    $group = Find-GroupByName (Get-Text $policy 'ScopeIdentity')
    if ($null -ne $group -and (Get-RecipientId $group) -eq $Step.GroupId) { $policy }
  }
}

function Invoke-EnsureServicePrincipal($Step) {
  $all = @(Get-ServicePrincipal)
  $ours = @($all | Where-Object { $_.AppId -eq $Step.AppId })
  foreach ($pointer in $ours) {
    $objectId = Get-Text $pointer 'ObjectId', 'ServiceId'
    if ($objectId -ne $Step.ServicePrincipalId) {
      throw ('Exchange points to another object for this application: ' + $objectId + '. Remove that service principal in Exchange first.')
    }
  }
  if ($ours.Count -gt 0) { return New-Outcome 'already_there' }
  foreach ($pointer in $all) {
    if ((Get-Text $pointer 'ObjectId', 'ServiceId') -eq $Step.ServicePrincipalId) {
      throw ('Exchange has this service principal for another application: ' + $pointer.AppId + '.')
    }
  }
  if (-not (Test-MayChange ($Step.DisplayName + ' (' + $Step.AppId + ')') 'New-ServicePrincipal')) { return New-Outcome 'would_change' }
  New-ServicePrincipal -AppId $Step.AppId -ObjectId $Step.ServicePrincipalId -DisplayName $Step.DisplayName -Confirm:$false | Out-Null
  return New-Outcome 'changed'
}

function Invoke-EnsureManagementScope($Step) {
  $groups = @($Step.GroupIds | ForEach-Object { Get-ScopeGroup $_ })
  $filter = Get-ScopeFilter $groups $Step.Covers
  $detail = @($groups | ForEach-Object { Get-GroupDescription $_ }) -join ', '
  $existing = @(Find-ManagementScope $Step.Name)
  if ($existing.Count -gt 0) {
    # Exchange may put brackets around what it was given; anything else is another filter.
    $found = Get-Text $existing[0] 'RecipientFilter'
    if ($found -ceq $filter -or $found -ceq ('(' + $filter + ')')) { return New-Outcome 'already_there' $detail }
    throw ('The management scope ' + $Step.Name + ' exists with another filter: ' + $found)
  }
  Write-Host ('Groups found: ' + $detail)
  Write-Host ('Filter: ' + $filter)
  if (-not (Test-MayChange $Step.Name 'New-ManagementScope')) { return New-Outcome 'would_change' $detail }
  New-ManagementScope -Name $Step.Name -RecipientRestrictionFilter $filter -Confirm:$false | Out-Null
  return New-Outcome 'changed' $detail
}

function Invoke-EnsureRoleAssignment($Step) {
  if (@(Find-RoleAssignment $Step.Name).Count -gt 0) {
    $ours = @(Get-ManagementRoleAssignment -RoleAssignee $Step.ServicePrincipalId | Where-Object { $_.Name -eq $Step.Name })
    foreach ($assignment in $ours) {
      $scope = Get-Text $assignment 'CustomResourceScope', 'CustomRecipientWriteScope'
      if ([string] $assignment.Role -eq $Step.Role -and $scope -eq $Step.ScopeName -and (Get-Text $assignment 'Enabled') -ne 'False') {
        return New-Outcome 'already_there'
      }
    }
    throw ('The role assignment ' + $Step.Name + ' exists for another application, role or scope, or is switched off.')
  }
  if (-not (Test-MayChange ($Step.Role + ' within ' + $Step.ScopeName) 'New-ManagementRoleAssignment')) { return New-Outcome 'would_change' }
  New-ManagementRoleAssignment -Name $Step.Name -App $Step.ServicePrincipalId -Role $Step.Role -CustomResourceScope $Step.ScopeName -Confirm:$false | Out-Null
  return New-Outcome 'changed'
}

function Invoke-RemoveRoleAssignment($Step) {
  if (@(Find-RoleAssignment $Step.Name).Count -eq 0) { return New-Outcome 'already_there' }
  if (-not (Test-MayChange $Step.Name 'Remove-ManagementRoleAssignment')) { return New-Outcome 'would_change' }
  Remove-ManagementRoleAssignment -Identity $Step.Name -Confirm:$false
  return New-Outcome 'changed'
}

function Invoke-RemoveManagementScope($Step) {
  if (@(Find-ManagementScope $Step.Name).Count -eq 0) { return New-Outcome 'already_there' }
  if (-not (Test-MayChange $Step.Name 'Remove-ManagementScope')) { return New-Outcome 'would_change' }
  Remove-ManagementScope -Identity $Step.Name -Confirm:$false
  return New-Outcome 'changed'
}

function Invoke-EnsureApplicationAccessPolicy($Step) {
  $group = Get-ScopeGroup $Step.GroupId
  $detail = Get-GroupDescription $group
  if (@(Find-AccessPolicy $Step).Count -gt 0) { return New-Outcome 'already_there' $detail }
  Write-Host ('Group found: ' + $detail)
  if (-not (Test-MayChange ($Step.AccessRight + ' ' + $detail) 'New-ApplicationAccessPolicy')) { return New-Outcome 'would_change' $detail }
  New-ApplicationAccessPolicy -AppId $Step.AppId -PolicyScopeGroupId (Get-Text $group 'PrimarySmtpAddress') -AccessRight $Step.AccessRight -Description $Step.Description -Confirm:$false | Out-Null
  return New-Outcome 'changed' $detail
}

function Invoke-RemoveApplicationAccessPolicy($Step) {
  $existing = @(Find-AccessPolicy $Step)
  if ($existing.Count -eq 0) { return New-Outcome 'already_there' }
  $detail = @($existing | ForEach-Object { [string] $_.Identity }) -join ', '
  if (-not (Test-MayChange $detail 'Remove-ApplicationAccessPolicy')) { return New-Outcome 'would_change' $detail }
  foreach ($policy in $existing) { Remove-ApplicationAccessPolicy -Identity $policy.Identity -Confirm:$false }
  return New-Outcome 'changed' $detail
}

function Invoke-TestRoleAssignments($Step) {
  $inScope = @(Test-ServicePrincipalAuthorization -Identity $Step.ServicePrincipalId -Resource $Step.MailboxId | Where-Object { [string] $_.InScope -eq 'True' })
  $detail = @($inScope | ForEach-Object { [string] $_.RoleName }) -join ', '
  if (($inScope.Count -gt 0) -eq ($Step.Expected -eq 'in_scope')) { return New-Outcome 'passed' $detail }
  return New-Outcome 'failed' $detail
}

function Invoke-TestApplicationAccessPolicy($Step) {
  $answer = Test-ApplicationAccessPolicy -Identity $Step.MailboxId -AppId $Step.AppId
  $detail = [string] $answer.AccessCheckResult
  if ($detail -eq $Step.Expected) { return New-Outcome 'passed' $detail }
  return New-Outcome 'failed' $detail
}

# Get-DistributionGroupMember answers nothing for a Microsoft 365 group, whoever is in it.
function Get-GroupMember($Group) {
  $id = Get-RecipientId $Group
  switch (Get-Text $Group 'RecipientTypeDetails') {
    'GroupMailbox' { return Get-UnifiedGroupLinks -Identity $id -LinkType 'Members' -ResultSize 'Unlimited' }
    'MailUniversalSecurityGroup' { return Get-DistributionGroupMember -Identity $id -ResultSize 'Unlimited' }
    'MailUniversalDistributionGroup' { return Get-DistributionGroupMember -Identity $id -ResultSize 'Unlimited' }
    'RoomList' { return Get-DistributionGroupMember -Identity $id -ResultSize 'Unlimited' }
    default { throw 'The members of this kind of group cannot be listed.' }
  }
}

# These groups and all that are nested in them, each once.
function Read-Groups($Roots) {
  $known = @{}
  $waiting = New-Object System.Collections.Queue
  foreach ($root in $Roots) { $waiting.Enqueue($root) }
  while ($waiting.Count -gt 0) {
    $group = $waiting.Dequeue()
    $id = Get-RecipientId $group
    if ($known.ContainsKey($id)) { continue }
    $known[$id] = $true
    $areKnown = $true
    $members = @()
    try { $members = @(Get-GroupMember $group) } catch { $areKnown = $false }
    $nested = @($members | Where-Object { Test-IsGroup $_ })
    # A group that exists in Exchange only has no id to be asked by.
    if (@($nested | Where-Object { (Get-RecipientId $_) -eq '' }).Count -gt 0) { $areKnown = $false }
    $nested = @($nested | Where-Object { (Get-RecipientId $_) -ne '' })
    foreach ($each in $nested) { $waiting.Enqueue($each) }
    [pscustomobject] [ordered] @{
      id = $id
      displayName = Get-Text $group 'DisplayName'
      address = Get-Text $group 'PrimarySmtpAddress'
      type = Get-Text $group 'RecipientTypeDetails'
      distinguishedName = Get-Text $group 'DistinguishedName'
      membersKnown = $areKnown
      memberIds = @($members | Where-Object { -not (Test-IsGroup $_) } | ForEach-Object { Get-RecipientId $_ } | Where-Object { $_ -ne '' })
      nestedGroupIds = @($nested | ForEach-Object { Get-RecipientId $_ })
    }
  }
}

# Lists are read whole and filtered here: an unknown identity makes some cmdlets answer everything.
function Invoke-ReadConfiguration($Step) {
  $roots = @()
  $pointers = @(Get-ServicePrincipal | Where-Object { $_.AppId -eq $Step.AppId } | ForEach-Object {
      [pscustomobject] [ordered] @{ objectId = (Get-Text $_ 'ObjectId', 'ServiceId').ToLowerInvariant(); displayName = Get-Text $_ 'DisplayName' }
    })

  $policies = @()
  foreach ($policy in @(Get-ApplicationAccessPolicy | Where-Object { $_.AppId -eq $Step.AppId })) {
    $group = Find-GroupByName (Get-Text $policy 'ScopeIdentity')
    if ($null -ne $group -and (Get-RecipientId $group) -ne '') { $roots += $group }
    $policies += [pscustomobject] [ordered] @{
      identity = Get-Text $policy 'Identity'
      accessRight = Get-Text $policy 'AccessRight'
      groupId = $(if ($null -ne $group) { Get-RecipientId $group } else { '' })
      scopeName = Get-Text $policy 'ScopeName'
      description = Get-Text $policy 'Description'
    }
  }

  $assignments = @()
  foreach ($pointer in $pointers) {
    foreach ($assignment in @(Get-ManagementRoleAssignment -RoleAssignee $pointer.objectId)) {
      if ((Get-Text $assignment 'Enabled') -eq 'False') { continue }
      $writeScope = Get-Text $assignment 'RecipientWriteScope'
      $resourceScope = Get-Text $assignment 'CustomResourceScope', 'CustomRecipientWriteScope'
      $groupScope = Get-Text $assignment 'RecipientGroupScope'
      if ($groupScope -eq '' -and $writeScope -eq 'Group') { $groupScope = $(if ($resourceScope -ne '') { $resourceScope } else { $writeScope }) }
      $group = Find-GroupByName $groupScope
      if ($null -ne $group -and (Get-RecipientId $group) -ne '') { $roots += $group }
      $assignments += [pscustomobject] [ordered] @{
        name = Get-Text $assignment 'Name'
        role = Get-Text $assignment 'Role'
        writeScope = $writeScope
        resourceScope = $resourceScope
        groupScope = $groupScope
        groupId = $(if ($null -ne $group) { Get-RecipientId $group } else { '' })
        administrativeUnit = Get-Text $assignment 'RecipientAdministrativeUnitScope'
      }
    }
  }

  $used = @($assignments | ForEach-Object { $_.resourceScope })
  $scopes = @(Get-ManagementScope | Where-Object { $used -contains $_.Name } | ForEach-Object {
      [pscustomobject] [ordered] @{ name = Get-Text $_ 'Name'; filter = Get-Text $_ 'RecipientFilter' }
    })
  $quote = '[''\u2018\u2019\u201A\u201B]'
  $comparison = 'MemberOfGroup\s*-(?:eq|ne)\s*' + $quote + '((?:[^''\u2018\u2019\u201A\u201B]|' + $quote + '{2})*)' + $quote
  foreach ($scope in $scopes) {
    foreach ($match in [regex]::Matches($scope.filter, $comparison, 'IgnoreCase')) {
      $name = [regex]::Replace($match.Groups[1].Value, $quote + '(' + $quote + ')', '$1')
      $group = Find-GroupByName $name
      if ($null -ne $group -and (Get-RecipientId $group) -ne '') { $roots += $group }
    }
  }

  return New-Outcome 'read' '' ([ordered] @{
      servicePrincipals = $pointers
      policies = $policies
      assignments = $assignments
      scopes = $scopes
      groups = @(Read-Groups $roots)
    })
}

function Get-EwsConfiguration {
  return Get-OrganizationConfig -RetrieveEwsOperationAccessPolicy
}

# What a list holds, however this version writes it.
function Get-Texts($Object, [string] $Name) {
  $property = $Object.PSObject.Properties[$Name]
  if ($null -eq $property) { return @() }
  return @(@($property.Value) | Where-Object { $null -ne $_ -and [string] $_ -ne '' } | ForEach-Object { [string] $_ })
}

# EwsAllowedAppIDs is one text with commas. Where this version does not show it, writing it would lose what is there.
function Get-EwsAppIds($Configuration) {
  if ($null -eq $Configuration.PSObject.Properties['EwsAllowedAppIDs']) {
    throw 'Exchange does not show EwsAllowedAppIDs, so the list cannot be changed without losing entries. Update the module ExchangeOnlineManagement.'
  }
  return @(Get-Texts $Configuration 'EwsAllowedAppIDs' | ForEach-Object { $_.Split(',') } | ForEach-Object { $_.Trim() } | Where-Object { $_ -ne '' })
}

function Test-IsListed([string[]] $Entries, [string] $AppId) {
  return @($Entries | Where-Object { $_.Trim('{', '}') -eq $AppId.Trim('{', '}') }).Count -gt 0
}

# Exchange replaces the whole list: it is read again just before it is written, and after.
function Write-EwsAppIds([string[]] $Before, [string[]] $After, [bool] $SwitchOn) {
  $detail = @($After) -join ', '
  Write-Host ('EwsAllowedAppIDs now: ' + (@($Before) -join ', '))
  Write-Host ('EwsAllowedAppIDs then: ' + $detail)
  if ($SwitchOn) { Write-Host 'EwsEnabled becomes True: only the applications in the list may then use Exchange Web Services.' }
  if (-not (Test-MayChange ('EwsAllowedAppIDs: ' + $detail) 'Set-OrganizationConfig')) { return New-Outcome 'would_change' $detail }
  $now = @(Get-EwsAppIds (Get-EwsConfiguration))
  if (($now -join ',') -cne (@($Before) -join ',')) {
    throw 'Somebody else changed the list meanwhile. Nothing was written; run the script again.'
  }
  $change = @{ EwsAllowedAppIDs = (@($After) -join ','); Confirm = $false }
  if ($SwitchOn) { $change.EwsEnabled = $true }
  Set-OrganizationConfig @change
  $left = @(Get-EwsAppIds (Get-EwsConfiguration))
  $missing = @($After | Where-Object { -not (Test-IsListed $left $_) })
  if ($missing.Count -gt 0) {
    throw ('The list was written, and Exchange does not show: ' + ($missing -join ', ') + '. Look at it again.')
  }
  return New-Outcome 'changed' $detail
}

function Invoke-AllowEwsApplication($Step) {
  $configuration = Get-EwsConfiguration
  $before = @(Get-EwsAppIds $configuration)
  $isListed = Test-IsListed $before $Step.AppId
  $switchOn = $Step.SwitchOn -eq 'yes' -and (Get-Text $configuration 'EwsEnabled') -ne 'True'
  if ($isListed -and -not $switchOn) { return New-Outcome 'already_there' }
  $after = @($before)
  if (-not $isListed) { $after += $Step.AppId }
  return Write-EwsAppIds $before $after $switchOn
}

function Invoke-WithdrawEwsApplication($Step) {
  $before = @(Get-EwsAppIds (Get-EwsConfiguration))
  if (-not (Test-IsListed $before $Step.AppId)) { return New-Outcome 'already_there' }
  $after = @($before | Where-Object { -not (Test-IsListed @($_) $Step.AppId) })
  return Write-EwsAppIds $before $after $false
}

function Invoke-ReadEwsAccess {
  $configuration = Get-EwsConfiguration
  return New-Outcome 'read' '' $null ([ordered] @{
      enabled = Get-Text $configuration 'EwsEnabled'
      allowedAppIds = @(Get-Texts $configuration 'EwsAllowedAppIDs')
      userAgentPolicy = Get-Text $configuration 'EwsApplicationAccessPolicy'
      allowedUserAgents = @(Get-Texts $configuration 'EwsAllowList')
      blockedUserAgents = @(Get-Texts $configuration 'EwsBlockList')
    })
}

function Invoke-Step($Step) {
  switch ($Step.Kind) {
    'ensure_service_principal' { return Invoke-EnsureServicePrincipal $Step }
    'ensure_management_scope' { return Invoke-EnsureManagementScope $Step }
    'ensure_role_assignment' { return Invoke-EnsureRoleAssignment $Step }
    'remove_role_assignment' { return Invoke-RemoveRoleAssignment $Step }
    'remove_management_scope' { return Invoke-RemoveManagementScope $Step }
    'ensure_application_access_policy' { return Invoke-EnsureApplicationAccessPolicy $Step }
    'remove_application_access_policy' { return Invoke-RemoveApplicationAccessPolicy $Step }
    'test_role_assignments' { return Invoke-TestRoleAssignments $Step }
    'test_application_access_policy' { return Invoke-TestApplicationAccessPolicy $Step }
    'read_configuration' { return Invoke-ReadConfiguration $Step }
    'read_ews_access' { return Invoke-ReadEwsAccess }
    'allow_ews_application' { return Invoke-AllowEwsApplication $Step }
    'withdraw_ews_application' { return Invoke-WithdrawEwsApplication $Step }
    default { throw ('The step ' + $Step.Kind + ' is not known.') }
  }
}

if (@(Get-ConnectedTenantIds).Count -eq 0) {
  $connect = @{ ShowBanner = $false; ExchangeEnvironmentName = $ExchangeEnvironment }
  if ($UserPrincipalName) { $connect.UserPrincipalName = $UserPrincipalName }
  Connect-ExchangeOnline @connect
}
$connectedTenantIds = @(Get-ConnectedTenantIds)
if ($connectedTenantIds.Count -ne 1 -or $connectedTenantIds[0] -ne $TenantId) {
  throw ('This plan is for the tenant ' + $TenantId + ', and you are connected to ' + ($connectedTenantIds -join ', ') + '. Nothing was changed.')
}

Write-Host ('Plan ' + $PlanId + ' for the tenant ' + $TenantId + ':')
for ($index = 0; $index -lt $Steps.Count; $index++) { Write-Host ('  ' + ($index + 1) + '. ' + $Steps[$index].Kind) }

$results = @()
$isStopped = $false
$isPending = $false
for ($index = 0; $index -lt $Steps.Count; $index++) {
  $step = $Steps[$index]
  $result = [ordered] @{ step = $index; kind = $step.Kind; outcome = 'not_run'; detail = '' }
  if (-not $isStopped -and $isPending -and $step.Kind -like 'test_*') {
    $result.detail = 'The steps before would change something first.'
  } elseif (-not $isStopped) {
    try {
      $done = Invoke-Step $step
      $result.outcome = $done.Outcome
      $result.detail = $done.Detail
      if ($null -ne $done.Configuration) { $result.configuration = $done.Configuration }
      if ($null -ne $done.EwsAccess) { $result.ewsAccess = $done.EwsAccess }
      if ($done.Outcome -eq 'would_change') { $isPending = $true }
    } catch {
      $result.detail = $_.Exception.Message
      # A mailbox that Exchange does not know tests nothing, and keeps nothing from being read.
      if ($step.Kind -notlike 'test_*') {
        $result.outcome = 'error'
        $isStopped = $true
      }
    }
  }
  $results += [pscustomobject] $result
}

$results | Format-Table -Property @('step', 'kind', 'outcome', 'detail') -Wrap
$report = [ordered] @{ planId = $PlanId; tenantId = $TenantId; whatIf = [bool] $WhatIfPreference; results = $results }
$report | ConvertTo-Json -Depth 8 | Set-Content -Path $ResultPath -Encoding UTF8 -WhatIf:$false -Confirm:$false
if ($isStopped) { throw 'The plan stopped at an error; the steps before it are done. The result file has the details.' }
