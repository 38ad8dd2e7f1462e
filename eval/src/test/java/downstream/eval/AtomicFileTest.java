package downstream.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
  @TempDir Path folder;

  @Test
  void replaces_a_file_as_a_whole() throws IOException {
    Path file = folder.resolve("new/result.json");
    AtomicFile.write(file, "one".getBytes(StandardCharsets.UTF_8));
    AtomicFile.write(file, "two".getBytes(StandardCharsets.UTF_8));
    assertThat(file).hasContent("two");
    assertThat(names(folder.resolve("new"))).containsExactly("result.json");
  }

  @Test
  void has_the_permissions_of_any_other_file() throws IOException {
    Path plain = Files.createFile(folder.resolve("plain"));
    Path file = folder.resolve("result.json");
    AtomicFile.write(file, new byte[1]);
    assumeTrue(
        Files.getFileStore(file).supportsFileAttributeView("posix"), "needs POSIX permissions");
    assertThat(Files.getPosixFilePermissions(file)).isEqualTo(Files.getPosixFilePermissions(plain));
  }

  @Test
  void a_failure_half_way_keeps_the_old_file_and_leaves_nothing_else() throws IOException {
    Path file = folder.resolve("result.json");
    AtomicFile.write(file, "old".getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(
            () ->
                AtomicFile.write(
                    file,
                    out -> {
                      out.write(new byte[100_000]);
                      throw new IOException("No space left on device");
                    }))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining(
            "result.json: cannot be written (java.io.IOException: No space left on device)")
        .hasMessageContaining("disk has room");
    assertThat(file).hasContent("old");
    assertThat(names(folder)).containsExactly("result.json");
  }

  @Test
  void a_folder_that_is_a_file_is_told() throws IOException {
    Path file = Files.createFile(folder.resolve("taken"));
    assertThatThrownBy(() -> AtomicFile.write(file.resolve("result.json"), new byte[1]))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("cannot be written");
  }

  @Test
  void a_folder_without_write_permission_is_told() {
    Path locked = Path.of("/proc");
    assumeTrue(Files.isDirectory(locked), "needs a folder that nobody can write to");
    assertThatThrownBy(() -> AtomicFile.write(locked.resolve("result.json"), new byte[1]))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("/proc/result.json: cannot be written");
  }

  private static Stream<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList().stream();
    }
  }
}
