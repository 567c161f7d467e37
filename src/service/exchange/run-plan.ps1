#requires -Modules ExchangeOnlineManagement
<#
.SYNOPSIS
  Carries out a plan of Mailbox Access in Exchange Online, step by step.
.DESCRIPTION
  Every value of the plan stands below as a literal; the code is the same for every plan. Each step looks first and
  changes only what is missing, so the script can be run again. -WhatIf shows what it would change. The result is written
  as JSON, to be brought back to Mailbox Access. Sign in as Exchange Administrator or member of Organization Management.
#>
[CmdletBinding(SupportsShouldProcess = $true, ConfirmImpact = 'Medium')]
param(
  [string] $UserPrincipalName,
  [string] $ResultPath = 'mailbox-access-result.json'
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

# PLAN

function Get-ConnectedTenantId {
  $connection = @(Get-ConnectionInformation | Where-Object { $_.State -eq 'Connected' })
  if ($connection.Count -eq 0) { return $null }
  return [string] $connection[0].TenantID
}

# Exchange filters have quotes of their own, and every kind of single quote ends a value there.
function ConvertTo-FilterValue([string] $Value) {
  return [regex]::Replace($Value, '[''\u2018\u2019\u201A\u201B]', '$0$0')
}

function Get-ScopeGroup([string] $GroupId) {
  $found = @(Get-Recipient -Filter ('ExternalDirectoryObjectId -eq ''' + $GroupId + '''') -ResultSize 2)
  if ($found.Count -ne 1) { throw ('Exchange knows no recipient with the object id ' + $GroupId + '.') }
  return $found[0]
}

function Get-ScopeFilter($Step) {
  $group = Get-ScopeGroup $Step.GroupId
  $filter = 'MemberOfGroup -eq ''' + (ConvertTo-FilterValue $group.DistinguishedName) + ''''
  if ($Step.Covers -eq 'everybody_else') { return '-not (' + $filter + ')' }
  return $filter
}

# Get-* cmdlets answer an unknown identity with an error, or with everything: look through the list instead.
function Find-ServicePrincipal([string] $AppId) { @(Get-ServicePrincipal | Where-Object { $_.AppId -eq $AppId }) }
function Find-ManagementScope([string] $Name) { @(Get-ManagementScope | Where-Object { $_.Name -eq $Name }) }
function Find-RoleAssignment([string] $Name) { @(Get-ManagementRoleAssignment | Where-Object { $_.Name -eq $Name }) }
function Find-AccessPolicy($Step) {
  $group = Get-ScopeGroup $Step.GroupId
  @(Get-ApplicationAccessPolicy | Where-Object {
      $_.AppId -eq $Step.AppId -and $_.AccessRight -eq $Step.AccessRight -and
      ($_.ScopeName -eq $group.Name -or $_.ScopeIdentity -eq $group.Identity)
    })
}

function Invoke-EnsureServicePrincipal($Step) {
  $existing = Find-ServicePrincipal $Step.AppId
  if ($existing.Count -gt 0) {
    if ($existing[0].ObjectId -ne $Step.ServicePrincipalId) {
      throw ('Exchange points to another object for this application: ' + $existing[0].ObjectId + '. Remove that service principal in Exchange first.')
    }
    return 'already_there'
  }
  if (-not $PSCmdlet.ShouldProcess($Step.AppId, 'New-ServicePrincipal')) { return 'would_change' }
  New-ServicePrincipal -AppId $Step.AppId -ObjectId $Step.ServicePrincipalId -DisplayName $Step.DisplayName | Out-Null
  return 'changed'
}

function Invoke-EnsureManagementScope($Step) {
  $filter = Get-ScopeFilter $Step
  $existing = Find-ManagementScope $Step.Name
  if ($existing.Count -gt 0) {
    if ($existing[0].RecipientFilter -ne $filter) {
      throw ('The management scope ' + $Step.Name + ' exists with another filter: ' + $existing[0].RecipientFilter)
    }
    return 'already_there'
  }
  if (-not $PSCmdlet.ShouldProcess($Step.Name, 'New-ManagementScope')) { return 'would_change' }
  New-ManagementScope -Name $Step.Name -RecipientRestrictionFilter $filter | Out-Null
  return 'changed'
}

function Invoke-EnsureRoleAssignment($Step) {
  if ((Find-RoleAssignment $Step.Name).Count -gt 0) { return 'already_there' }
  if (-not $PSCmdlet.ShouldProcess($Step.Role, 'New-ManagementRoleAssignment')) { return 'would_change' }
  New-ManagementRoleAssignment -Name $Step.Name -App $Step.ServicePrincipalId -Role $Step.Role -CustomResourceScope $Step.ScopeName | Out-Null
  return 'changed'
}

function Invoke-RemoveRoleAssignment($Step) {
  if ((Find-RoleAssignment $Step.Name).Count -eq 0) { return 'already_there' }
  if (-not $PSCmdlet.ShouldProcess($Step.Name, 'Remove-ManagementRoleAssignment')) { return 'would_change' }
  Remove-ManagementRoleAssignment -Identity $Step.Name -Confirm:$false
  return 'changed'
}

function Invoke-RemoveManagementScope($Step) {
  if ((Find-ManagementScope $Step.Name).Count -eq 0) { return 'already_there' }
  if (-not $PSCmdlet.ShouldProcess($Step.Name, 'Remove-ManagementScope')) { return 'would_change' }
  Remove-ManagementScope -Identity $Step.Name -Confirm:$false
  return 'changed'
}

function Invoke-EnsureApplicationAccessPolicy($Step) {
  if ((Find-AccessPolicy $Step).Count -gt 0) { return 'already_there' }
  $group = Get-ScopeGroup $Step.GroupId
  if (-not $PSCmdlet.ShouldProcess($group.Name, 'New-ApplicationAccessPolicy')) { return 'would_change' }
  New-ApplicationAccessPolicy -AppId $Step.AppId -PolicyScopeGroupId $group.PrimarySmtpAddress -AccessRight $Step.AccessRight -Description $Step.Description | Out-Null
  return 'changed'
}

function Invoke-RemoveApplicationAccessPolicy($Step) {
  $existing = Find-AccessPolicy $Step
  if ($existing.Count -eq 0) { return 'already_there' }
  if (-not $PSCmdlet.ShouldProcess($existing[0].Identity, 'Remove-ApplicationAccessPolicy')) { return 'would_change' }
  foreach ($policy in $existing) { Remove-ApplicationAccessPolicy -Identity $policy.Identity -Confirm:$false }
  return 'changed'
}

function Invoke-TestRoleAssignments($Step) {
  $answers = @(Test-ServicePrincipalAuthorization -Identity $Step.ServicePrincipalId -Resource $Step.MailboxId)
  $isInScope = @($answers | Where-Object { [string] $_.InScope -eq 'True' }).Count -gt 0
  if ($isInScope -eq ($Step.Expected -eq 'in_scope')) { return 'passed' }
  return 'failed'
}

function Invoke-TestApplicationAccessPolicy($Step) {
  $answer = Test-ApplicationAccessPolicy -Identity $Step.MailboxId -AppId $Step.AppId
  if ([string] $answer.AccessCheckResult -eq $Step.Expected) { return 'passed' }
  return 'failed'
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
    default { throw ('The step ' + $Step.Kind + ' is not known.') }
  }
}

if ($null -eq (Get-ConnectedTenantId)) {
  $connect = @{ ShowBanner = $false; ExchangeEnvironmentName = $ExchangeEnvironment }
  if ($UserPrincipalName) { $connect.UserPrincipalName = $UserPrincipalName }
  Connect-ExchangeOnline @connect
}
$connectedTenantId = Get-ConnectedTenantId
if ($connectedTenantId -ne $TenantId) {
  throw ('This plan is for the tenant ' + $TenantId + ', and you are connected to ' + $connectedTenantId + '. Nothing was changed.')
}

$results = @()
$isStopped = $false
for ($index = 0; $index -lt $Steps.Count; $index++) {
  $step = $Steps[$index]
  $result = [ordered] @{ step = $index; kind = $step.Kind; outcome = 'not_run'; detail = '' }
  if (-not $isStopped) {
    try {
      $result.outcome = Invoke-Step $step
    } catch {
      $result.outcome = 'error'
      $result.detail = $_.Exception.Message
      $isStopped = $true
    }
  }
  $results += [pscustomobject] $result
}

$results | Format-Table -Property @('step', 'kind', 'outcome', 'detail') -Wrap
$report = [ordered] @{ planId = $PlanId; tenantId = $TenantId; whatIf = [bool] $WhatIfPreference; results = $results }
$report | ConvertTo-Json -Depth 4 | Set-Content -Path $ResultPath -Encoding UTF8 -WhatIf:$false
if ($isStopped) { throw 'The plan stopped at an error; the steps before it are done. The result file has the details.' }
