import type { Answer } from '../../contract/endpoint.ts';
import type { getOverview } from '../../contract/overview.ts';
import { isAuthorized } from '../../domain/consent/consent-state.ts';
import { CheckBrief } from '../features/mailbox-connectivity/CheckBrief.tsx';
import type { Stage } from '../features/overview/StageCards.tsx';
import { usePlace } from '../shell/use-place.ts';
import { useFormat, useTexts } from '../texts/texts-context.tsx';
import { Moment } from '../ui/Moment.tsx';
import type { TenantCheck } from './use-tenant-check.ts';

/**
 * The three stages of a tenant: what each knows, and where its next step is.
 * @param isFirst nobody has created an organization yet; the default one is always there
 */
export function useStages(
  overview: Answer<typeof getOverview>,
  isFirst: boolean,
  onCreate: () => void,
  tenantCheck: TenantCheck,
): readonly Stage[] {
  const texts = useTexts();
  const words = texts.overview;
  const { list } = useFormat();
  const { place, go } = usePlace();
  const { organization, consent, verification } = overview.stages;
  const { organizationId } = place;
  const open = consent.organizations.filter(({ state }) => !isAuthorized(state));
  const toConnect = organizationId ?? open[0]?.organizationId ?? consent.organizations[0]?.organizationId;
  const hasOrganization = organization.organizations > 0 && !isFirst;

  return [
    {
      name: 'organization',
      isDone: organization.isDone,
      text: organization.isDone
        ? words.organizationDone(organization.organizations, organization.users)
        : hasOrganization
          ? words.organizationUsersTodo
          : words.organizationTodo,
      action: organization.isDone ? words.open : hasOrganization ? words.addUsers : words.createFirst,
      onAction: organization.isDone
        ? () => go({ page: 'organizations' })
        : hasOrganization
          ? () => go({ page: 'users', organizationId })
          : onCreate,
    },
    {
      name: 'consent',
      isDone: consent.isDone,
      text: consent.isDone ? (
        <>
          {words.consentDone}. {consent.grantedBy && words.grantedBy(consent.grantedBy)}
          {consent.grantedBy && consent.verifiedAt && '. '}
          {consent.verifiedAt && (
            <>
              {words.verified} <Moment at={consent.verifiedAt} />
            </>
          )}
        </>
      ) : open.length > 0 && open.length < consent.organizations.length ? (
        words.consentMissing(list(open.map(({ name }) => name)))
      ) : (
        words.consentTodo
      ),
      action: consent.isDone ? words.open : words.grantConsent,
      onAction: () => go({ page: 'connectivity', organizationId: toConnect }),
    },
    verificationStage(),
  ];

  function verificationStage(): Stage {
    const { check, isRunning, start, command, isCheckOnly } = tenantCheck;
    const name = 'verification';
    if (check && isRunning) {
      const isPaused = check.state === 'paused';
      return {
        name,
        isDone: false,
        isRunning: true,
        badge: isPaused ? words.paused : undefined,
        text: <CheckBrief check={check} />,
        action: isPaused ? texts.check.resume : words.open,
        onAction: isPaused
          ? () => command.isPending || command.mutate({ command: 'resume', check })
          : () => go({ page: 'connectivity', organizationId: check.organizationId ?? toConnect }),
      };
    }
    return {
      name,
      isDone: verification.isDone,
      text: [
        verification.isDone ? words.verificationDone : words.verificationTodo,
        isCheckOnly && texts.check.willChangeNothing,
      ]
        .filter(Boolean)
        .join(' '),
      action: words.check,
      onAction: () => start.isPending || start.mutate({ changeConnection: !isCheckOnly }),
    };
  }
}
