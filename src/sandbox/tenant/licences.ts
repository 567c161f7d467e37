interface ServicePlan {
  readonly servicePlanId: string;
  readonly servicePlanName: string;
  /** As `assignedPlans[].service` names it. */
  readonly service: string;
}

const exchangeEnterprise: ServicePlan = {
  servicePlanId: 'efb87545-963c-4e0d-99df-69c6916d9eb0',
  servicePlanName: 'EXCHANGE_S_ENTERPRISE',
  service: 'exchange',
};
const exchangeDeskless: ServicePlan = {
  servicePlanId: '4a82b400-a79f-41a4-b4e2-e94f5787b113',
  servicePlanName: 'EXCHANGE_S_DESKLESS',
  service: 'exchange',
};
const exchangeFoundation: ServicePlan = {
  servicePlanId: '113feb6c-3fe4-4440-bddc-54d774bf0318',
  servicePlanName: 'EXCHANGE_S_FOUNDATION',
  service: 'exchange',
};
const teams: ServicePlan = {
  servicePlanId: '57ff2da0-773e-42df-b2af-ffb7a2317929',
  servicePlanName: 'TEAMS1',
  service: 'TeamspaceAPI',
};
const flowFree: ServicePlan = {
  servicePlanId: '50e68c76-46c6-4674-81f9-75456511b170',
  servicePlanName: 'FLOW_P2_VIRAL',
  service: 'ProcessSimple',
};

/**
 * Products the tenant has bought. `powerAutomateFree` brings `EXCHANGE_S_FOUNDATION`, which is no mailbox.
 * @see Microsoft Learn, Product names and service plan identifiers for licensing
 */
export const licences = {
  microsoft365E5: {
    skuId: '06ebc4ee-1bb5-47dd-8120-11324bc54e06',
    skuPartNumber: 'SPE_E5',
    plans: [exchangeEnterprise, teams],
  },
  microsoft365E3: {
    skuId: '05e9a617-0261-4cee-bb44-138d3ef5d965',
    skuPartNumber: 'SPE_E3',
    plans: [exchangeEnterprise, teams],
  },
  microsoft365F3: {
    skuId: '66b55226-6b4f-492c-910c-a3b7a3c9d993',
    skuPartNumber: 'SPE_F1',
    plans: [exchangeDeskless, teams],
  },
  powerAutomateFree: {
    skuId: 'f30db892-07e9-47e9-837c-80727f46fd3d',
    skuPartNumber: 'FLOW_FREE',
    plans: [exchangeFoundation, flowFree],
  },
} as const satisfies Record<string, { skuId: string; skuPartNumber: string; plans: readonly ServicePlan[] }>;

export type Licence = keyof typeof licences;

/** Whether the licence comes with a mailbox in Exchange Online. */
export const includesMailbox = (licence: Licence) =>
  licences[licence].plans.some(
    (plan) => plan.servicePlanName.startsWith('EXCHANGE_S_') && plan.servicePlanName !== 'EXCHANGE_S_FOUNDATION',
  );
