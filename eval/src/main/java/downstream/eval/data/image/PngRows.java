package downstream.eval.data.image;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * The samples of a PNG of one channel and at most 8 bits that is not interlaced (PNG specification,
 * 2nd edition, sections 9 and 10), several times as fast as ImageIO: a confusion matrix over
 * thousands of label maps spends its time here.
 */
final class PngRows {
  private static final int FIRST_CHUNK = 8;
  private static final int IDAT = 0x49444154;
  private static final int IEND = 0x49454E44;

  /** Bytes that are inflated at a time: they stay in the processor's cache until unfiltered. */
  private static final int BATCH = 1 << 16;

  /** Label maps are mostly areas: eight pixels at a time. */
  private static final VarHandle WORDS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

  private static final int WORD = Long.BYTES;
  private static final long EACH = 0x0101010101010101L;
  private static final long LOW = 0x7F7F7F7F7F7F7F7FL;

  private final PngHeader header;
  private final int rowBytes;
  private final byte[] rows;
  private int filled;

  private PngRows(PngHeader header, byte[] spare) {
    this.header = header;
    this.rowBytes = Math.toIntExact(((long) header.width() * header.bits() + 7) / 8);
    int length = Math.multiplyExact(header.height(), rowBytes);
    this.rows = spare.length == length ? spare : new byte[length];
  }

  /**
   * One value a pixel, in raster order.
   *
   * @param spare memory to use if it is as long as the rows
   * @throws DataFormatException if the file is cut off or damaged
   */
  static byte[] samples(PngHeader header, byte[] file, byte[] spare) throws DataFormatException {
    Math.multiplyExact(header.width(), header.height());
    PngRows rows = new PngRows(header, spare);
    Inflater inflater = new Inflater();
    try {
      rows.read(file, inflater);
    } finally {
      inflater.end();
    }
    return header.bits() == 8 ? rows.rows : rows.unpacked();
  }

  private void read(byte[] bytes, Inflater inflater) throws DataFormatException {
    ByteBuffer file = ByteBuffer.wrap(bytes);
    byte[] batch = new byte[(rowBytes + 1) * Math.max(1, BATCH / (rowBytes + 1))];
    int pending = 0;
    int at = FIRST_CHUNK;
    while (filled < header.height()) {
      int chunk = chunkAt(file, at);
      int type = file.getInt(at + 4);
      if (type == IEND) {
        throw new DataFormatException("it ends after " + filled + " rows");
      }
      if (type == IDAT) {
        checkSum(bytes, at, chunk, file.getInt(at + 8 + chunk));
        inflater.setInput(bytes, at + 8, chunk);
        pending = inflate(inflater, batch, pending);
      }
      at += 12 + chunk;
    }
  }

  /** The length of the chunk there. */
  private static int chunkAt(ByteBuffer file, int at) throws DataFormatException {
    if (at + 12 > file.limit()) {
      throw new DataFormatException("it is truncated");
    }
    int length = file.getInt(at);
    if (length < 0 || length > file.limit() - at - 12) {
      throw new DataFormatException("it is truncated");
    }
    return length;
  }

  private static void checkSum(byte[] file, int at, int length, int expected)
      throws DataFormatException {
    CRC32 crc = new CRC32();
    crc.update(file, at + 4, length + 4);
    if ((int) crc.getValue() != expected) {
      throw new DataFormatException("a checksum is wrong");
    }
  }

  /**
   * Takes all that the inflater has to give.
   *
   * @param pending bytes of a row that are in {@code batch} already
   * @return bytes of a row that are there now
   */
  private int inflate(Inflater inflater, byte[] batch, int pending) throws DataFormatException {
    int have = pending;
    while (filled < header.height()) {
      int got = inflater.inflate(batch, have, batch.length - have);
      if (got == 0 && inflater.finished()) {
        throw new DataFormatException("it ends after " + filled + " rows");
      }
      if (got == 0) {
        return have;
      }
      have += got;
      int whole = Math.min(have / (rowBytes + 1), header.height() - filled);
      for (int row = 0; row < whole; row++) {
        unfilter(batch, row * (rowBytes + 1));
      }
      int used = whole * (rowBytes + 1);
      System.arraycopy(batch, used, batch, 0, have - used);
      have -= used;
    }
    return have;
  }

  /** Puts the next row into its place; it is stored behind its filter byte at {@code from}. */
  private void unfilter(byte[] batch, int from) throws DataFormatException {
    int to = filled++ * rowBytes;
    System.arraycopy(batch, from + 1, rows, to, rowBytes);
    boolean first = to == 0;
    switch (batch[from]) {
      case 0 -> {}
      case 1 -> left(to);
      case 2 -> above(to, first);
      case 3 -> average(to, first);
      case 4 -> paeth(to, first);
      default -> throw new DataFormatException("filter " + batch[from] + " does not exist");
    }
  }

  private void left(int to) {
    int left = 0;
    int end = to + rowBytes;
    for (int i = to; i < end; i++) {
      if (i + WORD <= end && (long) WORDS.get(rows, i) == 0) {
        WORDS.set(rows, i, left * EACH);
        i += WORD - 1;
      } else {
        left = rows[i] + left & 0xFF;
        rows[i] = (byte) left;
      }
    }
  }

  private void above(int to, boolean first) {
    int end = first ? to : to + rowBytes;
    int i = to;
    for (; i + WORD <= end; i += WORD) {
      long a = (long) WORDS.get(rows, i);
      long b = (long) WORDS.get(rows, i - rowBytes);
      // Eight sums without carries from one to the next.
      WORDS.set(rows, i, ((a & LOW) + (b & LOW)) ^ ((a ^ b) & ~LOW));
    }
    for (; i < end; i++) {
      rows[i] += rows[i - rowBytes];
    }
  }

  private void average(int to, boolean first) {
    int left = 0;
    for (int i = to; i < to + rowBytes; i++) {
      int above = first ? 0 : rows[i - rowBytes] & 0xFF;
      left = rows[i] + ((left + above) >> 1) & 0xFF;
      rows[i] = (byte) left;
    }
  }

  /** Adds the one of left, above and above left that is nearest to left + above − above left. */
  private void paeth(int to, boolean first) {
    if (first) {
      left(to);
      return;
    }
    int left = 0;
    int corner = 0;
    int end = to + rowBytes;
    for (int i = to; i < end; i++) {
      if (left == corner && i + WORD <= end && isAreaOf(left, i)) {
        WORDS.set(rows, i, left * EACH);
        i += WORD - 1;
        continue;
      }
      int above = rows[i - rowBytes] & 0xFF;
      left = rows[i] + paeth(left, above, corner) & 0xFF;
      corner = above;
      rows[i] = (byte) left;
    }
  }

  /** The neighbour that is nearest to left + above - corner (PNG, section 9.4). */
  private static int paeth(int left, int above, int corner) {
    int toLeft = Math.abs(above - corner);
    int toAbove = Math.abs(left - corner);
    int toCorner = Math.abs(left + above - 2 * corner);
    if (toLeft <= toAbove && toLeft <= toCorner) {
      return left;
    }
    return toAbove <= toCorner ? above : corner;
  }

  /** Tells whether eight pixels equal their prediction and lie below that value. */
  private boolean isAreaOf(int value, int at) {
    return (long) WORDS.get(rows, at) == 0 && (long) WORDS.get(rows, at - rowBytes) == value * EACH;
  }

  /** Samples of 1, 2 or 4 bits, the leftmost in the highest bits; a row begins with a new byte. */
  private byte[] unpacked() {
    int bits = header.bits();
    int width = header.width();
    int each = 8 / bits;
    byte[] values = new byte[width * header.height()];
    for (int i = 0; i < values.length; i++) {
      int x = i % width;
      int shift = 8 - bits * (x % each + 1);
      values[i] = (byte) (rows[i / width * rowBytes + x / each] >> shift & (1 << bits) - 1);
    }
    return values;
  }
}
