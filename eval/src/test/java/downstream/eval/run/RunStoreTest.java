package downstream.eval.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import downstream.eval.BadInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunStoreTest {
  @TempDir private Path folder;

  @Test
  void refuses_a_folder_that_holds_something_else() throws IOException {
    Files.writeString(folder.resolve("thesis.tex"), "…");
    assertThatThrownBy(() -> RunStore.open(folder, 0))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("is in use: it holds 'thesis.tex'");
    assertThat(folder).isDirectoryContaining("glob:**/thesis.tex");
    assertThat(folder.toFile().list()).hasSize(1);
  }

  @Test
  void opens_a_new_folder_and_opens_it_again() {
    Path out = folder.resolve("a/b");
    RunStore.open(out, 0);
    assertThatCode(() -> RunStore.open(out, 0)).doesNotThrowAnyException();
  }

  @Test
  void refuses_a_file_in_place_of_the_folder() throws IOException {
    Path file = Files.writeString(folder.resolve("out"), "");
    assertThatThrownBy(() -> RunStore.open(file, 0))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("is a file, not a folder");
    assertThatThrownBy(() -> RunStore.open(file.resolve("below"), 0))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("cannot be written");
  }

  @Test
  void refuses_a_folder_that_cannot_be_written() {
    Path proc = Path.of("/proc/1/task");
    assumeTrue(Files.isDirectory(proc), "needs Linux's /proc");
    assertThatThrownBy(() -> RunStore.open(proc.resolve("out"), 0))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("cannot be written");
  }

  @Test
  void refuses_a_disk_without_room() {
    assertThatThrownBy(() -> RunStore.open(folder.resolve("out"), Long.MAX_VALUE))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("MiB left, the run needs about")
        .hasMessageContaining("Make room");
  }
}
