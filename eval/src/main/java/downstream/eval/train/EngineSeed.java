package downstream.eval.train;

/** Seeds of the engine's generator, which takes 32 bits through DJL. */
public final class EngineSeed {
  private EngineSeed() {}

  /** All 64 bits of {@code seed} folded into 32; what fits 31 bits stays as it is. */
  public static int of(long seed) {
    return (int) (seed ^ (seed >>> 32));
  }
}
