/** Processor time of this process since `startUsage`, and the most memory it ever held. */
export interface Usage {
  readonly cpuSeconds: number;
  readonly peakRssMb: number;
}

export function startUsage(): () => Usage {
  const before = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(before);
    return { cpuSeconds: (user + system) / 1e6, peakRssMb: process.resourceUsage().maxRSS / 1024 };
  };
}
