package downstream.eval.suite;

import downstream.eval.encoder.EncoderFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.SoftReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Encoders that were read, with the digests that they keep: a suite asks for one once per cell, and
 * reading and hashing it takes seconds. A file that was written again is read again; what memory
 * has no room for is read again, too.
 */
final class EncoderCache {
  private final Function<Path, EncoderFile> reader;
  private final Map<Path, Entry> entries = new HashMap<>();

  private record Entry(FileTime modified, long bytes, SoftReference<EncoderFile> encoder) {}

  EncoderCache(Function<Path, EncoderFile> reader) {
    this.reader = reader;
  }

  /**
   * The encoder of a file.
   *
   * @throws downstream.eval.BadInput if it cannot be read; the next call tries again
   */
  EncoderFile encoder(Path file) {
    return known(file).orElseGet(() -> read(file));
  }

  private Optional<EncoderFile> known(Path file) {
    Entry entry = entries.get(file);
    return entry != null && entry.equals(stamped(file, entry.encoder()))
        ? Optional.ofNullable(entry.encoder().get())
        : Optional.empty();
  }

  private EncoderFile read(Path file) {
    EncoderFile encoder = reader.apply(file);
    entries.put(file, stamped(file, new SoftReference<>(encoder)));
    return encoder;
  }

  private static Entry stamped(Path file, SoftReference<EncoderFile> encoder) {
    try {
      boolean exists = Files.exists(file);
      FileTime modified = exists ? Files.getLastModifiedTime(file) : FileTime.fromMillis(0);
      return new Entry(modified, exists ? Files.size(file) : 0, encoder);
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be read", e);
    }
  }
}
