package downstream.eval.suite;

import static org.assertj.core.api.Assertions.assertThat;

import downstream.eval.encoder.EncoderFile;
import downstream.eval.run.Fakes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EncoderCacheTest {
  @TempDir private Path folder;
  private final List<Path> reads = new ArrayList<>();
  private final EncoderCache cache =
      new EncoderCache(
          file -> {
            reads.add(file);
            return EncoderFile.read(file);
          });

  private Path encoder(String name, long seed) {
    Path file = folder.resolve(name + ".onnx");
    Fakes.encoder(name, seed).write(file);
    return file;
  }

  @Test
  void each_file_is_read_once() {
    Path a = encoder("a", 1);
    Path b = encoder("b", 2);
    for (int cell = 0; cell < 5; cell++) {
      assertThat(cache.encoder(a).name()).isEqualTo("a");
      assertThat(cache.encoder(b).digest()).isEqualTo(EncoderFile.read(b).digest());
    }
    assertThat(reads).containsExactly(a, b);
  }

  @Test
  void file_that_was_written_again_is_read_again() throws IOException {
    Path file = encoder("a", 1);
    String before = cache.encoder(file).digest();
    encoder("a", 2);
    Files.setLastModifiedTime(file, FileTime.fromMillis(1));
    assertThat(cache.encoder(file).digest()).isNotEqualTo(before);
    assertThat(reads).hasSize(2);
  }
}
