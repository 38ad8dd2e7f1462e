package downstream.eval.data.synthetic;

/**
 * Random numbers that are defined bit by bit here (SplitMix64: Steele, Lea and Flood, Fast
 * splittable pseudorandom number generators, 2014).
 */
final class SplitMix64 {
  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  private long state;

  SplitMix64(long seed) {
    this.state = seed;
  }

  /** Dice for one image: independent of how many others there are. */
  static SplitMix64 of(long seed, String split, int index) {
    return new SplitMix64(mix(mix(seed ^ split.hashCode() * GOLDEN_GAMMA) + index));
  }

  /** SplitMix64's finaliser: spreads every bit over all others. */
  static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  long nextLong() {
    state += GOLDEN_GAMMA;
    return mix(state);
  }

  /** Uniform in [0, 1). */
  double next() {
    return (nextLong() >>> 11) * 0x1p-53;
  }

  /** Uniform in [from, to). */
  double between(double from, double to) {
    return from + (to - from) * next();
  }

  /** Uniform over 0 to {@code bound} − 1. */
  int below(int bound) {
    return (int) (next() * bound);
  }

  /** Random value between the bounds, uniform in its logarithm. */
  double scale(double from, double to) {
    return from * StrictMath.exp(next() * StrictMath.log(to / from));
  }

  /** A colour of any hue, neither grey nor black. */
  ObjectColour colour() {
    return ObjectColour.hsv(next(), between(0.25, 0.9), between(0.4, 0.95));
  }
}
