/** The way up to a limit and beyond it, as time passes at work. */
export interface Climb {
  /** @returns part of the limit at which it has arrived after so many more seconds */
  advance(seconds: number): number;
}

/** After a cut it begins so much below the limit, where what was overdrawn fills up again. */
export const belowPart = 0.03;
const straightSeconds = 2;
/** Requests by which a limit that was told is uncertain, and the most that this may be of it. */
const uncertainRequests = 60;
const mostUncertainPart = 0.15;
/** From so many requests a limit is sure, and told by fewer it is at least so unsure. */
const surelyFrom = 5_000;
const leastRequests = 100;
/** A cube as in TCP's CUBIC hardly moves at first, and would add a whole limit in so many seconds. @see RFC 9438 */
const cubeSeconds = 45;
/** A remembered limit is kept to for so long before it is tried to be more. */
const keptSeconds = 4;

/**
 * From below a limit straight to where it is at most by what is known of it; from there along a cube.
 * @param requests from which the limit was told: the fewer, the sooner more is tried
 */
export function climbFromBelow(requests: number = surelyFrom): Climb {
  const uncertain = Math.min(uncertainRequests / Math.max(requests, 1), mostUncertainPart);
  const slowness = cubeSeconds * Math.cbrt(Math.min(1, Math.max(requests, leastRequests) / surelyFrom));
  let climbed = 0;
  return {
    advance(seconds) {
      climbed += seconds;
      const straight = Math.min(1, climbed / straightSeconds);
      const beyond = Math.max(0, climbed - straightSeconds);
      return 1 - belowPart + (belowPart + uncertain) * straight + (beyond / slowness) ** 3;
    },
  };
}

/** At a limit that an earlier run learnt. */
export function climbFromRemembered(): Climb {
  let climbed = 0;
  return {
    advance(seconds) {
      climbed += seconds;
      return 1 + (Math.max(0, climbed - keptSeconds - straightSeconds) / cubeSeconds) ** 3;
    },
  };
}
