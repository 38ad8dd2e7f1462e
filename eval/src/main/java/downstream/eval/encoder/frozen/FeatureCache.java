package downstream.eval.encoder.frozen;

import downstream.eval.BadInput;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * A file of float32 rows, all of one length, each written once and read through a memory map. Row i
 * lies at i · (8 + 4 · length): a check word, then the values, little-endian. The check word is
 * written after the values and holds their CRC-32C, so a row that a killed process left half
 * written, or that another process is writing now, counts as missing. Threads and processes may
 * read and write the same file at once.
 */
public final class FeatureCache implements AutoCloseable {
  private static final int HEAD = Long.BYTES;
  private static final long MAP_BYTES = 1L << 30;
  private static final long WRITTEN = 1L << 32;

  private final Path file;
  private final int rows;
  private final int length;
  private final int rowsPerMap;
  // Not a FileChannel: an interrupted loader thread would close that for all the others.
  private final RandomAccessFile out;
  private final List<ByteBuffer> maps = new ArrayList<>();

  /**
   * Opens the file, and creates it if need be: sparse, at its full length, so that maps stay valid.
   * Its modification time becomes now, which tells caches in use from stale ones.
   *
   * @throws BadInput if it cannot be created
   */
  public FeatureCache(Path file, int rows, int length) {
    this.file = file;
    this.rows = rows;
    this.length = length;
    rowsPerMap = Math.toIntExact(Math.max(1, MAP_BYTES / record()));
    try {
      Files.createDirectories(file.toAbsolutePath().normalize().resolveSibling(""));
      out = new RandomAccessFile(file.toFile(), "rw");
      grow();
      for (int first = 0; first < rows; first += rowsPerMap) {
        long bytes = Math.min(rowsPerMap, rows - first) * record();
        maps.add(
            out.getChannel()
                .map(FileChannel.MapMode.READ_ONLY, first * record(), bytes)
                .order(ByteOrder.LITTLE_ENDIAN));
      }
      Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  private long record() {
    return HEAD + 4L * length;
  }

  /**
   * Extends the file by a byte behind the last row: setting the length could cut off what another
   * process wrote.
   */
  private void grow() throws IOException {
    long end = rows * record();
    if (out.length() <= end) {
      out.seek(end);
      out.write(0);
    }
  }

  /** Tells whether the row was written, so far as its check word says. */
  public boolean has(int row) {
    return map(row).getLong(position(row)) != 0;
  }

  /** The row's values, or empty if they are not there or not whole. */
  public Optional<float[]> read(int row) {
    if (!has(row)) {
      return Optional.empty();
    }
    byte[] bytes = new byte[Math.toIntExact(record())];
    map(row).get(position(row), bytes);
    ByteBuffer record = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (record.getLong() != check(bytes)) {
      return Optional.empty();
    }
    float[] values = new float[length];
    record.asFloatBuffer().get(values);
    return Optional.of(values);
  }

  /** Writes a row: the values first, then the check word that makes them count. */
  public synchronized void write(int row, float[] values) {
    byte[] bytes = new byte[Math.toIntExact(record())];
    ByteBuffer record = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    record.slice(HEAD, 4 * length).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(values);
    record.putLong(check(bytes));
    try {
      out.seek(row * record() + HEAD);
      out.write(bytes, HEAD, bytes.length - HEAD);
      out.seek(row * record());
      out.write(bytes, 0, HEAD);
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  private static long check(byte[] record) {
    CRC32C crc = new CRC32C();
    crc.update(record, HEAD, record.length - HEAD);
    return WRITTEN | crc.getValue();
  }

  private ByteBuffer map(int row) {
    return maps.get(row / rowsPerMap);
  }

  private int position(int row) {
    return Math.toIntExact(row % rowsPerMap * record());
  }

  /**
   * Makes sure that so many rows more can be written.
   *
   * @throws BadInput if the disk is too small for them
   */
  public void requireDiskSpace(int missing) {
    try {
      requireDiskSpace(missing, Files.getFileStore(file).getUsableSpace());
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  void requireDiskSpace(int missing, long available) {
    long need = missing * record();
    if (need > available) {
      throw new BadInput(
          file,
          String.format(
              java.util.Locale.ROOT,
              "the features of %d images (%d values each) need %s, the disk has %s left",
              missing,
              length,
              megabytes(need),
              megabytes(available)),
          "Make room (older caches beside it may be deleted), choose an --out on another disk, "
              + "a smaller imageSize, or encoder.mode=finetune, which keeps no features");
    }
  }

  private static String megabytes(long bytes) {
    return (bytes >> 20) + " MiB";
  }

  private BadInput unusable(IOException e) {
    return new BadInput(
        file,
        "cannot be used as a feature cache (" + e + ")",
        "Check the disk and its permissions",
        e);
  }

  @Override
  public void close() {
    try {
      out.close();
    } catch (IOException e) {
      throw unusable(e);
    }
  }
}
