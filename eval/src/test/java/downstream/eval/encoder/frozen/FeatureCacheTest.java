package downstream.eval.encoder.frozen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import downstream.eval.BadInput;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeatureCacheTest {
  private static final int ROWS = 64;
  private static final int LENGTH = 5000;

  @TempDir Path folder;

  private FeatureCache open() {
    return new FeatureCache(folder.resolve("a.features"), ROWS, LENGTH);
  }

  /** The values a row would have: a function of its number. */
  private static float[] values(int row) {
    float[] values = new float[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      values[i] = row * 1000 + i;
    }
    return values;
  }

  @Test
  void a_row_is_missing_until_it_is_written_and_then_stays() {
    try (FeatureCache cache = open()) {
      assertThat(cache.has(7)).isFalse();
      assertThat(cache.read(7)).isEmpty();
      cache.write(7, values(7));
    }
    try (FeatureCache cache = open()) {
      assertThat(cache.has(7)).isTrue();
      assertThat(cache.read(7)).contains(values(7));
      assertThat(cache.has(6) || cache.has(8)).isFalse();
    }
  }

  @Test
  void a_row_of_zeros_is_a_row() {
    try (FeatureCache cache = open()) {
      cache.write(0, new float[LENGTH]);
      assertThat(cache.read(0)).contains(new float[LENGTH]);
    }
  }

  @Test
  void a_row_that_is_half_there_is_missing() throws IOException {
    try (FeatureCache cache = open()) {
      cache.write(2, values(2));
      long record = 8 + 4L * LENGTH;
      try (RandomAccessFile file =
          new RandomAccessFile(folder.resolve("a.features").toFile(), "rw")) {
        file.seek(2 * record + record / 2);
        file.write(new byte[(int) (record - record / 2)]);
      }
      assertThat(cache.read(2)).isEmpty();
      cache.write(2, values(2));
      assertThat(cache.read(2)).contains(values(2));
    }
  }

  @Test
  void the_disk_holds_only_what_was_written() throws IOException {
    Path file = folder.resolve("large.features");
    try (FeatureCache cache = new FeatureCache(file, 3_000_000, 1000)) {
      cache.write(2_999_999, Arrays.copyOf(values(1), 1000));
      assertThat(cache.read(2_999_999)).contains(Arrays.copyOf(values(1), 1000));
      assertThat(cache.has(1_500_000)).isFalse();
    }
    assertThat(Files.size(file)).isGreaterThan(12_000_000_000L);
    assertThat(Files.getFileStore(file).getUsableSpace()).isPositive();
  }

  @Test
  void too_small_a_disk_is_refused_with_its_free_space() {
    try (FeatureCache cache = open()) {
      assertThatThrownBy(() -> cache.requireDiskSpace(1000, 10 << 20))
          .isInstanceOf(BadInput.class)
          .hasMessageContaining("a.features")
          .hasMessageContaining(
              "the features of 1000 images (5000 values each) need 19 MiB, the disk has 10 MiB"
                  + " left")
          .hasMessageContaining("Make room");
      cache.requireDiskSpace(1000, 20 << 20);
    }
  }

  @Test
  void two_processes_write_one_file_and_a_killed_one_leaves_only_whole_rows() throws Exception {
    Path file = folder.resolve("a.features");
    Process other = writer(file);
    Process killed = writer(file);
    killed.getInputStream().read();
    killed.destroyForcibly().waitFor();
    try (FeatureCache cache = open()) {
      for (int row = 0; row < ROWS; row++) {
        cache.write(row, values(row));
        for (int seen = 0; seen < ROWS; seen++) {
          int here = seen;
          cache.read(seen).ifPresent(values -> assertThat(values).isEqualTo(values(here)));
        }
      }
      assertThat(other.waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(other.exitValue()).isZero();
      IntStream.range(0, ROWS).forEach(row -> assertThat(cache.read(row)).contains(values(row)));
    }
  }

  private static Process writer(Path file) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classPath = System.getProperty("java.class.path");
    return new ProcessBuilder(
            List.of(java, "-Xmx64m", "-cp", classPath, Writer.class.getName(), file.toString()))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /** Another process: writes every row again and again for a while. */
  static final class Writer {
    private Writer() {}

    public static void main(String[] arguments) {
      try (FeatureCache cache = new FeatureCache(Path.of(arguments[0]), ROWS, LENGTH)) {
        for (int round = 0; round < 40; round++) {
          for (int row = ROWS - 1; row >= 0; row--) {
            cache.write(row, values(row));
          }
          System.out.println(round);
          System.out.flush();
        }
      }
    }
  }
}
