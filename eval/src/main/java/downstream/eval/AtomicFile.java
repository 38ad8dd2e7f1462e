package downstream.eval;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * Files that are written completely or not at all: written beside the target, flushed to disk, then
 * renamed over it.
 */
public final class AtomicFile {
  private AtomicFile() {}

  /** Writes the content of a file. */
  @FunctionalInterface
  public interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Creates or replaces {@code target}.
   *
   * @throws BadInput if the folder cannot be written or the disk is full; no partial file stays
   *     behind
   */
  public static void write(Path target, Content content) {
    write(target, content, true);
  }

  /**
   * Writes as {@link #write(Path, byte[])}, without waiting for the disk: after a power failure the
   * file may be damaged. For caches whose readers notice.
   */
  public static void writeSoon(Path target, byte[] bytes) {
    write(target, out -> out.write(bytes), false);
  }

  private static void write(Path target, Content content, boolean force) {
    Path folder = target.toAbsolutePath().getParent();
    if (folder == null) {
      throw new BadInput(target, "is not a file path", "Name a file inside a folder");
    }
    Path part = null;
    try {
      Files.createDirectories(folder);
      part = folder.resolve("." + target.getFileName() + "." + UUID.randomUUID() + ".part");
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(part))) {
        content.writeTo(out);
      }
      if (force) {
        force(part);
      }
      move(part, target);
      part = null;
    } catch (IOException e) {
      throw new BadInput(
          target,
          "cannot be written (" + e + ")",
          "Check that the folder is writable and the disk has room",
          e);
    } finally {
      deleteQuietly(part);
    }
  }

  /** Creates or replaces {@code target} with these bytes. */
  public static void write(Path target, byte[] bytes) {
    write(target, out -> out.write(bytes));
  }

  private static void force(Path part) throws IOException {
    try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  private static void move(Path part, Path target) throws IOException {
    try {
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static void deleteQuietly(@org.jspecify.annotations.Nullable Path part) {
    if (part != null) {
      try {
        Files.deleteIfExists(part);
      } catch (IOException ignored) {
        // The first failure is the one worth telling; a leftover is hidden and never read.
      }
    }
  }
}
