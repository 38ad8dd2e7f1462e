package downstream.eval;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.zip.ZipException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BadInputTest {
  @TempDir Path folder;

  @Test
  void a_file_that_cannot_be_opened_says_why() {
    assertThat(message(new NoSuchFileException("a.txt"))).contains("no such file or folder");
    assertThat(message(new AccessDeniedException("a.txt")))
        .contains("cannot be opened: permission denied. Give");
    assertThat(message(new NotDirectoryException("a.txt"))).contains("is a file, not a folder");
  }

  @Test
  void a_file_that_opens_and_does_not_read_says_why() {
    assertThat(message(new MalformedInputException(1))).contains("is not UTF-8 text");
    assertThat(message(new EOFException("too short")))
        .contains("is truncated or damaged (too short)");
    assertThat(message(new ZipException())).contains("is truncated or damaged (ZipException)");
    assertThat(message(new IOException("Input/output error")))
        .contains("exists, but reading it failed (Input/output error)");
    assertThat(message(new FileSystemException("a.txt", null, "Stale file handle")))
        .contains("exists, but reading it failed (Stale file handle)");
  }

  @Test
  void a_folder_in_place_of_a_file_is_told() {
    IOException cause = null;
    try {
      Files.readAllBytes(folder);
    } catch (IOException e) {
      cause = e;
    }
    assertThat(BadInput.unreadable(folder, java.util.Objects.requireNonNull(cause)))
        .hasMessageContaining("is a folder, not a file")
        .hasCause(cause);
  }

  private static String message(IOException cause) {
    BadInput error = BadInput.unreadable(Path.of("a.txt"), cause);
    assertThat(error).hasCause(cause);
    return String.valueOf(error.getMessage());
  }
}
