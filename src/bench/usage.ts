const sampleEveryMs = 100;

/** Processor time of this process since `startUsage`, and the most memory that it held meanwhile. */
export interface Usage {
  readonly cpuSeconds: number;
  readonly peakRssMb: number;
}

/** @returns what ends it */
export function startUsage(): () => Usage {
  const before = process.cpuUsage();
  let peakRss = 0;
  const sample = () => {
    peakRss = Math.max(peakRss, process.memoryUsage.rss());
  };
  const timer = setInterval(sample, sampleEveryMs);
  timer.unref();
  return () => {
    clearInterval(timer);
    sample();
    const { user, system } = process.cpuUsage(before);
    return { cpuSeconds: (user + system) / 1e6, peakRssMb: peakRss / 1024 ** 2 };
  };
}
