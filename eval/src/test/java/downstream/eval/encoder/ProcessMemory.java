package downstream.eval.encoder;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/** What Linux says about this process's memory. */
final class ProcessMemory {
  private static final Path STATUS = Path.of("/proc/self/status");

  private ProcessMemory() {}

  /** Whether there is a Linux to ask. */
  static boolean isKnown() {
    return Files.isReadable(STATUS);
  }

  /**
   * Resident bytes less the Java heap's after a collection. The collector takes the heap's pages as
   * it likes; tensors are not among them.
   */
  static long outsideHeap() {
    System.gc();
    long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getCommitted();
    return read("VmRSS:") - heap;
  }

  private static long read(String key) {
    try {
      return Files.readAllLines(STATUS).stream()
              .filter(line -> line.startsWith(key))
              .map(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
              .findFirst()
              .orElseThrow()
          * 1024;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + STATUS, e);
    }
  }
}
