package downstream.eval;

import com.sun.jna.NativeLibrary;

/**
 * Waiting of the training engine's threads for each other. At the end of every operator they wait;
 * by default they spin for long, and on a machine that others use, too, that takes the time of the
 * very thread they wait for. The engine's OpenMP library reads this once, when it is loaded.
 */
final class EngineThreads {
  private static final String SPIN_COUNT = "GOMP_SPINCOUNT";
  private static final String WAIT_POLICY = "OMP_WAIT_POLICY";

  /** About a tenth of a millisecond, longer than the pause between two operators. */
  private static final String SPINS = "5000";

  static {
    waitBriefly();
  }

  private EngineThreads() {}

  /** Sets what the engine reads when it is loaded, once: call it before. */
  static void prepare() {
    // The initialiser of this class has done it.
  }

  /** Lets threads spin briefly, then sleep, unless the environment already says how they wait. */
  private static void waitBriefly() {
    if (!System.getProperty("os.name").equals("Linux")
        || System.getenv(SPIN_COUNT) != null
        || System.getenv(WAIT_POLICY) != null) {
      return;
    }
    try {
      Object[] arguments = {SPIN_COUNT, SPINS, 1};
      NativeLibrary.getProcess().getFunction("setenv").invokeInt(arguments);
    } catch (LinkageError e) {
      // Without it the engine is slower beside other programs, and as fast alone.
    }
  }
}
