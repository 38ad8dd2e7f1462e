package downstream.eval;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** The memory of this process as Linux accounts it: heap, arrays of the engines, code. */
public final class ResidentMemory {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Path CLEAR = Path.of("/proc/self/clear_refs");
  private static final String RESET_PEAK = "5";
  private static final String PEAK = "VmHWM:";
  private static final String NOW = "VmRSS:";

  private ResidentMemory() {}

  /** The largest so far, in bytes; empty where there is no such account. */
  public static OptionalLong peak() {
    return read(PEAK);
  }

  /**
   * Runs {@code work} and returns the most bytes that it took beyond what was held before; empty
   * where the system does not tell. What {@link #peak} says begins anew.
   */
  public static OptionalLong growth(Runnable work) {
    OptionalLong before = read(NOW);
    boolean reset = resetPeak();
    work.run();
    OptionalLong most = peak();
    return reset && before.isPresent() && most.isPresent()
        ? OptionalLong.of(Math.max(0, most.getAsLong() - before.getAsLong()))
        : OptionalLong.empty();
  }

  private static boolean resetPeak() {
    try {
      Files.writeString(CLEAR, RESET_PEAK);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static OptionalLong read(String key) {
    if (!Files.isReadable(STATUS)) {
      return OptionalLong.empty();
    }
    try (var lines = Files.lines(STATUS)) {
      return lines
          .filter(line -> line.startsWith(key))
          .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst();
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }
}
